#include "state/document/delta.hpp"

#include <algorithm>

#include "state/document/ownership.hpp"

namespace trunkform::state {

StateDocument apply_delta(StateDocument document, const StateDelta& delta) {
  for (const auto& address : delta.removals) {
    document.resources.erase(address);
    document.open_intents.erase(address);
  }
  for (const auto& record : delta.upserts) document.resources.insert_or_assign(record.address, record);
  if (delta.organisation) document.organisation = delta.organisation;
  if (delta.issues) document.issues = *delta.issues;
  if (delta.revoked) document.revoked = *delta.revoked;
  if (delta.replacements) document.replacements = *delta.replacements;
  if (delta.outputs) document.outputs = *delta.outputs;
  if (delta.folded_through) document.folded_through = std::max(document.folded_through, *delta.folded_through);
  return document;
}

Result<> check_delta(const StateDocument& after, const StateDelta& delta) {
  for (const auto& record : delta.upserts) TRY(check_record(record));
  const auto owners = owners_by_trunk(after);
  for (const auto& record : delta.upserts) {
    const auto [first, last] = owners.equal_range(record.trunk_id);
    for (auto owner = first; owner != last; ++owner) {
      if (owner->second != record.address) return owned_elsewhere(record, owner->second);
    }
  }
  return {};
}

}  // namespace trunkform::state
