#include <ostream>

#include "cmd/trunkform/address_words.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/run_command.hpp"
#include "cmd/trunkform/views/record_text.hpp"

namespace trunkform::cli {
namespace {

Result<ExitCode> state_show(Frame& frame) {
  const auto address = TRY(parse_address(frame.arguments.positionals().front()));
  const auto state = TRY(TRY(frame.session.backend())->store->load(frame.session.context()));
  std::vector<Address> known;
  bool is_there = false;
  if (state)
    for (const auto& [at, record] : state->document.resources) {
      known.push_back(at);
      if (!is_within(at, address)) continue;
      if (is_there) frame.world.streams.out << '\n';
      is_there = true;
      frame.world.streams.out << views::record_text(record, frame.reporter.out_style(), frame.world.clock.now());
    }
  if (is_there) return ExitCode::done;
  return unknown_address(address, known, "is not in the state").hint("trunkform state list shows what is");
}

}  // namespace

Command state_show_command() {
  return {{"state", "show"},
          "what the state knows of one address, or of all its instances",
          {},
          {flags::no_color()},
          {{"ADDR", "the address", 1, 1, 1}},
          framed(state_show)};
}

}  // namespace trunkform::cli
