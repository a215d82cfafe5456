#pragma once
// One question of a published corpus in the form of x509-limbo (https://x509-limbo.com), and the corpus's own answer.
#include <optional>
#include <string>
#include <vector>

#include "schemas/model/time.hpp"

namespace trunkform::corpora {

struct Case {
  std::string id;  ///< `webpki::san::no-san`
  std::string description;
  bool is_clients = false;  ///< a server judges a client
  bool should_be_good = false;
  std::string chain;  ///< PEM, the leaf first, the rest in any order
  std::string trust;  ///< PEM
  std::string lists;  ///< PEM; empty: none
  std::vector<std::string> names;
  Instant at{};
  std::optional<int> max_depth;

  std::string group() const { return id.substr(0, id.rfind("::")); }
};

/// Throws std::runtime_error where `path` is no such corpus.
std::vector<Case> read_cases(const std::string& path);

}  // namespace trunkform::corpora
