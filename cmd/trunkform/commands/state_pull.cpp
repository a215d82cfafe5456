#include <ostream>

#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/run_command.hpp"
#include "schemas/codec/state_codec.hpp"

namespace trunkform::cli {
namespace {

Result<ExitCode> state_pull(Frame& frame) {
  const auto state = TRY(TRY(frame.session.backend())->store->load(frame.session.context()));
  if (!state) {
    frame.reporter.message("There is no state yet: nothing was applied here.");
    return ExitCode::done;
  }
  frame.world.streams.out << encode_state(state->document);
  return ExitCode::done;
}

}  // namespace

Command state_pull_command() {
  return {{"state", "pull"}, "print the state document", "With everything that the event log holds folded in.", {}, {},
          framed(state_pull)};
}

}  // namespace trunkform::cli
