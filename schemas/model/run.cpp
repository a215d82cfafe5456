#include "schemas/model/run.hpp"

#include <array>

namespace trunkform {

std::string to_string(const Actor& actor) { return actor.user + "@" + actor.host; }

ExitCode combine(ExitCode first, ExitCode second) {
  constexpr std::array k_by_weight{ExitCode::error, ExitCode::stopped, ExitCode::changes, ExitCode::deferred};
  for (const auto code : k_by_weight)
    if (first == code || second == code) return code;
  return first == ExitCode::done ? second : first;
}

}  // namespace trunkform
