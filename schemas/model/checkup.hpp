#pragma once
// What `trunkform doctor` found out about one thing that a run depends on. Plain values.
#include <optional>
#include <string>
#include <vector>

#include "schemas/model/error.hpp"

namespace trunkform {

/// `unknown`: nobody can tell without doing it.
enum class Condition { good, warning, bad, unknown };

struct CheckupLine {
  Condition condition = Condition::good;
  std::string message;
  std::optional<Error> error = std::nullopt;  ///< why it is bad, or a warning, with what to do
};

struct Checkup {
  std::string subject;  ///< `provider.vault`, `certificate.pem_files.a`, `state`
  std::string place;    ///< where that is: an address, a locator; may be empty
  std::vector<CheckupLine> lines;

  void good(std::string message) { lines.push_back({Condition::good, std::move(message)}); }
  void unknown(std::string message) { lines.push_back({Condition::unknown, std::move(message)}); }
  void bad(Error error) {
    auto message = error.summary;
    lines.push_back({Condition::bad, std::move(message), std::move(error)});
  }
  void warn(Error error) {
    auto message = error.summary;
    lines.push_back({Condition::warning, std::move(message), std::move(error)});
  }
};

}  // namespace trunkform
