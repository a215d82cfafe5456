#include <map>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "cmd/engine/records.hpp"
#include "cmd/trunkform/address_words.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/run_command.hpp"

namespace trunkform::cli {
namespace {

Result<ExitCode> state_list(Frame& frame) {
  std::vector<Address> wanted;
  std::set<std::string> wanted_issues;
  for (const auto& text : frame.arguments.positionals())
    if (is_issue_address(text))
      wanted_issues.insert(text);
    else
      wanted.push_back(TRY(parse_address(text)));
  const auto state = TRY(TRY(frame.session.backend())->store->load(frame.session.context()));
  const bool wants_all = frame.arguments.positionals().empty();
  if (!state && wants_all) {
    frame.reporter.message("There is no state yet: nothing was applied here.");
    return ExitCode::done;
  }
  const auto& resources = engine::records_of(state);
  std::set<Address> matched;
  for (const auto& [address, record] : resources) {
    bool is_wanted = wants_all;
    for (const auto& target : wanted)
      if (is_within(address, target)) {
        matched.insert(target);
        is_wanted = true;
      }
    if (is_wanted) frame.world.streams.out << to_string(address) << '\n';
  }
  std::vector<std::string> issues;
  if (state)
    for (const auto& [address, record] : state->document.issues) issues.push_back(address);
  for (const auto& address : issues)
    if (wants_all || wanted_issues.erase(address) > 0) frame.world.streams.out << address << '\n';
  // A script that asks for one address must not take silence for an answer.
  auto code = ExitCode::done;
  for (const auto& target : wanted)
    if (!matched.contains(target)) code = frame.reporter.fail(not_in_state(target, resources));
  for (const auto& target : wanted_issues)
    code = frame.reporter.fail(unknown_issue(target, issues, "is not in the state"));
  return code;
}

}  // namespace

Command state_list_command() {
  return {
      {"state", "list"}, "the addresses in the state", {}, {}, {{"ADDR", "only these", 0, k_unbounded, k_unbounded}},
      framed(state_list)};
}

}  // namespace trunkform::cli
