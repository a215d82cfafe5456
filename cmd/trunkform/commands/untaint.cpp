#include <ostream>

#include <fmt/format.h>

#include "cmd/engine/staged_keys.hpp"
#include "cmd/trunkform/address_words.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/planning_flow.hpp"
#include "cmd/trunkform/run_command.hpp"
#include "cmd/trunkform/state_change.hpp"
#include "cmd/trunkform/views/text_style.hpp"

namespace trunkform::cli {
namespace {

std::vector<Address> marked_in(const std::optional<Snapshot>& state) {
  std::vector<Address> marked;
  if (state)
    for (const auto& [address, replacement] : state->document.replacements) marked.push_back(address);
  return marked;
}

/// Withdrawing the wish alone would not keep the next apply from going on with what was begun for it.
Result<> give_up(Frame& frame, const StateDocument& state, const Address& address, std::vector<EventBody>& bodies) {
  const auto record = state.issues.find(to_string(address));
  if (record == state.issues.end() || !record->second.open) return {};
  const auto& open = *record->second.open;
  if (!TRY(load_configuration(frame.session, frame.reporter)))
    return Error(ErrorCode::invalid_input, "a request was begun for it, and the store of its key cannot be opened");
  auto* places = TRY(frame.session.issuing_places());
  auto left = engine::remove_staged_key(frame.session.context(), *places, open.store, open.request, record->first);
  if (left) frame.reporter.report({{Severity::warning, std::move(*left)}});
  frame.world.streams.out << fmt::format(
      "{}: the request that was begun for it is given up{}\n", record->first,
      open.order.empty() ? "" : ", and its order left to lapse: " + views::escape_foreign(open.order));
  bodies.emplace_back(IssueEnded{record->first, open.request, std::nullopt, "withdrawn by hand", false});
  return {};
}

Result<std::vector<EventBody>> withdrawals(Frame& frame, const std::optional<Snapshot>& state,
                                           const std::vector<Address>& targets) {
  std::vector<EventBody> bodies;
  const auto marked = marked_in(state);
  for (const auto& target : targets) {
    const auto before = bodies.size();
    for (const auto& address : marked) {
      if (!is_within(address, target)) continue;
      TRY(give_up(frame, state->document, address, bodies));
      const auto asked = std::chrono::floor<std::chrono::seconds>(state->document.replacements.at(address).asked);
      frame.world.streams.out << fmt::format("{}: what -replace asked for on {} is not wanted any more\n",
                                             to_string(address), to_rfc3339(asked));
      bodies.emplace_back(ReplaceWithdrawn{address, "withdrawn by hand"});
    }
    if (bodies.size() > before) continue;
    auto error = unknown_address(target, marked, "is not to be replaced: no -replace is waiting to be done");
    return marked.empty() ? error : std::move(error).hint(addresses_hint(marked));
  }
  return bodies;
}

Result<ExitCode> untaint(Frame& frame) {
  std::vector<Address> targets;
  for (const auto& text : frame.arguments.positionals()) targets.push_back(TRY(parse_address(text)));
  TRY(change_state(frame, "untaint", [&](const std::optional<Snapshot>& state, const Fence&) {
    return withdrawals(frame, state, targets);
  }));
  return ExitCode::done;
}

}  // namespace

Command untaint_command() {
  return {
      {"untaint"},
      "take back what -replace asked for and no run has done yet",
      "What -replace names is written into the state before anything is done, and every later plan goes on wanting "
      "it, until there is another certificate. This ends that, without touching a trunk. A request for a certificate "
      "that was begun is given up with it, and its staged key removed.",
      flags::join({{flags::lock_timeout()}, flags::variables()}),
      {{"ADDR", "of a trunk's binding or of a certificate.issued", 1, k_unbounded, k_unbounded}},
      framed(untaint)};
}

}  // namespace trunkform::cli
