#include <algorithm>
#include <ostream>

#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/run_command.hpp"

namespace trunkform::cli {
namespace {

Result<ExitCode> state_list(Frame& frame) {
  std::vector<Address> wanted;
  for (const auto& text : frame.arguments.positionals()) wanted.push_back(TRY(parse_address(text)));
  const auto state = TRY(TRY(frame.session.backend())->store->load(frame.session.context()));
  if (!state) {
    frame.reporter.message("There is no state yet: nothing was applied here.");
    return ExitCode::done;
  }
  for (const auto& [address, record] : state->document.resources) {
    const auto is_wanted = [&, &at = address](const Address& target) { return is_within(at, target); };
    if (wanted.empty() || std::any_of(wanted.begin(), wanted.end(), is_wanted))
      frame.world.streams.out << to_string(address) << '\n';
  }
  return ExitCode::done;
}

}  // namespace

Command state_list_command() {
  return {
      {"state", "list"}, "the addresses in the state", {}, {}, {{"ADDR", "only these", 0, k_unbounded, k_unbounded}},
      framed(state_list)};
}

}  // namespace trunkform::cli
