#include <ostream>

#include <fmt/format.h>

#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/run_command.hpp"
#include "cmd/trunkform/views/record_text.hpp"

namespace trunkform::cli {
namespace {

Result<ExitCode> state_show(Frame& frame) {
  const auto address = TRY(parse_address(frame.arguments.positionals().front()));
  const auto state = TRY(TRY(frame.session.backend())->store->load(frame.session.context()));
  if (state)
    if (const auto found = state->document.resources.find(address); found != state->document.resources.end()) {
      frame.world.streams.out << views::record_text(found->second, frame.reporter.out_style(), frame.world.clock.now());
      return ExitCode::done;
    }
  return Error(ErrorCode::not_found, fmt::format("{} is not in the state", to_string(address)))
      .hint("trunkform state list shows what is");
}

}  // namespace

Command state_show_command() {
  return {{"state", "show"},   "what the state knows of one address", {},
          {flags::no_color()}, {{"ADDR", "the address", 1, 1, 1}},    framed(state_show)};
}

}  // namespace trunkform::cli
