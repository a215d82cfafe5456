#include <ostream>

#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/run_command.hpp"

namespace trunkform::cli {
namespace {

Result<ExitCode> force_unlock(Frame& frame) {
  auto* backend = TRY(frame.session.backend());
  TRY(backend->lock->break_lock(frame.session.context(), frame.arguments.positionals().front()));
  frame.world.streams.out << "The lock is free.\n";
  return ExitCode::done;
}

}  // namespace

Command force_unlock_command() {
  return {
      {"force-unlock"},
      "free a lock whose holder is gone",
      "Only with the right id, which the refused command printed. The lock of the local backend dies with its process.",
      {{"force", FlagKind::toggle, "accepted for habit; nothing is asked"}},
      {{"LOCK_ID", "as shown by the command that could not have it", 1, 1}},
      framed(force_unlock)};
}

}  // namespace trunkform::cli
