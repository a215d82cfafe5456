#pragma once
// Who runs, and what came of it.
#include <string>
#include <string_view>

namespace trunkform {

struct Actor {
  std::string user;
  std::string host;
  int process = 0;
};

/// `user@host`
std::string to_string(const Actor& actor);

/// The process's exit codes (docs/semantics.md, Exit codes).
enum class ExitCode : int {
  done = 0,
  error = 1,
  changes = 2,
  not_formatted = 3,
  deferred = 4,
  lock_held = 5,
  stopped = 6,
  usage = 64,
  interrupted = 130,
};

/// When several hold: 1, 6, 2, 4 in this order.
ExitCode combine(ExitCode first, ExitCode second);

}  // namespace trunkform
