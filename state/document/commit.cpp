#include "state/document/commit.hpp"

#include <algorithm>

#include "state/document/delta.hpp"
#include "state/document/ownership.hpp"

namespace trunkform::state {
namespace {

/// What is pushed may not know of a request that was begun: its key is staged, and its order paid for.
void keep_open_issues(const StateDocument& by_the_log, StateDocument& next) {
  for (const auto& [address, issue] : by_the_log.issues) {
    if (!issue.open) continue;
    auto& record = next.issues[address];
    record.address = address;
    record.open = issue.open;
  }
}

}  // namespace

Result<> check_token(const StateDocument* found, const StateToken& token) {
  if (found == nullptr && token.serial == 0 && !token.lineage.empty()) return {};
  if (found == nullptr) {
    return Error(ErrorCode::conflict, "the state is gone: this run read serial " + std::to_string(token.serial))
        .hint("find out who removed it; trunkform plan shows what would happen without it");
  }
  if (found->lineage != token.lineage) {
    return Error(ErrorCode::conflict,
                 "another state is in its place: lineage " + found->lineage + ", not " + token.lineage)
        .hint("check the folder and the workspace: trunkform workspace show");
  }
  if (found->serial != token.serial) {
    return Error(ErrorCode::conflict, "the state was changed by another run: its serial is " +
                                          std::to_string(found->serial) + ", this run read " +
                                          std::to_string(token.serial))
        .hint("plan again: trunkform plan");
  }
  return {};
}

Result<StateDocument> committed(StateDocument folded, const StateDelta& delta, const StateToken& token, Sequence last) {
  auto document = apply_delta(std::move(folded), delta);
  document.folded_through = std::min(document.folded_through, last);
  TRY(check_delta(document, delta));
  document.lineage = token.lineage;
  document.serial = token.serial + 1;
  return document;
}

Result<> check_pushed(const StateDocument& document, const StateToken& token) {
  for (const auto& [address, record] : document.resources) TRY(check_record(record));
  TRY(check_owners(document));
  if (document.serial <= token.serial)
    return Error(ErrorCode::conflict, "the serial must grow: it is " + std::to_string(token.serial) + " now");
  return {};
}

StateDocument pushed(StateDocument document, StateDocument by_the_log, Sequence last) {
  document.open_intents = std::move(by_the_log.open_intents);
  document.replacements = std::move(by_the_log.replacements);
  keep_open_issues(by_the_log, document);
  document.revoked.merge(by_the_log.revoked);
  document.folded_through = last;
  return document;
}

Result<> check_event(const Event& event) {
  if (const auto* intent = std::get_if<Intent>(&event.body)) return check_record(intent->record);
  if (const auto* adopted = std::get_if<Adopted>(&event.body)) return check_record(adopted->record);
  const auto* outcome = std::get_if<Outcome>(&event.body);
  if (outcome != nullptr && outcome->record) return check_record(*outcome->record);
  return {};
}

std::vector<Event> through(std::vector<Event> events, Sequence last) {
  std::erase_if(events, [&](const Event& event) { return event.sequence > last; });
  return events;
}

bool says_nothing(const StateDocument& document) {
  return document.resources.empty() && document.open_intents.empty() && document.issues.empty() &&
         document.revoked.empty() && document.replacements.empty();
}

}  // namespace trunkform::state
