#include "cmd/engine/issuing_leftovers.hpp"

#include <algorithm>

#include "cmd/engine/staged_keys.hpp"
#include "planner/issuing/plan_issue.hpp"

namespace trunkform::engine {

Result<std::optional<Error>> clear_away(const Context& context, const IssuingHands& hands, const Leftover& leftover) {
  const auto& record = *leftover.record;
  std::optional<Error> left;
  if (record.open) {
    // Whose lock is lost learns it here, before it takes a key from whoever goes on with this request. Without its key
    // an order can never be finished; the request stays open until the key is gone, for whoever dies on the way leaves
    // it to a run that knows where to look.
    TRY(hands.log.append({IssueOrdered{record.address, record.open->request, {}, {}}}));
    left = remove_staged_key(context, hands.places, record.open->store, record.open->request, record.address);
  }
  if (leftover.kind == Leftover::Kind::block)
    TRY(hands.log.append({IssueForgotten{record.address, {}}}));
  else
    TRY(hands.log.append({IssueEnded{record.address, record.open->request, std::nullopt, leftover.why}}));
  return left;
}

PlannedLeftover shown(const Leftover& leftover) {
  PlannedLeftover shown{leftover.record->address, leftover.kind == Leftover::Kind::block, std::nullopt, {}, {}};
  if (!leftover.record->open) return shown;
  shown.since = leftover.record->open->since;
  shown.staged_in = to_string(leftover.record->open->store);
  shown.order = leftover.record->open->order;
  return shown;
}

std::vector<Leftover> leftovers_of(const std::optional<Snapshot>& state, const std::vector<PlannedIssue>& issues,
                                   const std::vector<IssueRequest>& configured) {
  std::vector<Leftover> leftovers;
  if (!state) return leftovers;
  for (const auto& [key, record] : state->document.issues) {
    const auto& address = key;
    const auto request = std::find_if(configured.begin(), configured.end(),
                                      [&](const IssueRequest& one) { return one.address == address; });
    const auto planned = std::find_if(issues.begin(), issues.end(),
                                      [&](const PlannedIssue& one) { return one.request.address == address; });
    if (request == configured.end())
      leftovers.push_back({&record, Leftover::Kind::block});
    else if (record.open && planned != issues.end() && planned->cause == IssueCause::none &&
             !issuing::fits(*record.open, planned->request))
      leftovers.push_back({&record, Leftover::Kind::request});
  }
  return leftovers;
}

}  // namespace trunkform::engine
