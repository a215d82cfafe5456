#include "planner/schedule/failed_chains.hpp"

#include "planner/schedule/soak.hpp"

namespace trunkform::schedule {

FailedChains::FailedChains(const std::vector<Binding>& bindings, const std::map<Address, ResourceRecord>& records,
                           const std::set<Address>& leaving) {
  for (const auto& binding : bindings) {
    const auto found = records.find(binding.address);
    if (found == records.end()) continue;
    const auto& record = found->second;
    const auto& carrier = binding.carrier->label;
    const bool was_seen_to_fail = record.look && record.look->verdict == CheckVerdict::fail;
    if (record.failure || was_seen_to_fail || leaving.contains(binding.address))
      m_failed[{carrier, record.chain->identity.chain}].insert(binding.address);
    if (record.quarantine) m_failed[{carrier, record.quarantine->identity.chain}].insert(binding.address);
  }
  for (const auto& place : proofs(bindings, records, leaving)) m_failed.erase(place);
}

std::size_t FailedChains::holds(const PlannedChange& change, Instant now) const {
  const bool is_lost = change.before == nullptr || change.health == Health::critical ||
                       change.health == Health::expired || (change.effective_expiry && *change.effective_expiry < now);
  return is_lost ? 0 : failures_elsewhere(change);
}

std::size_t FailedChains::failures_elsewhere(const PlannedChange& change) const {
  if (m_failed.empty() || !change.writes() || change.after == nullptr) return 0;
  const auto& policy = *change.binding->rollout;
  const auto failed = m_failed.find({change.binding->carrier->label, change.after->identity.chain});
  if (failed == m_failed.end() || policy.on_failure == OnFailure::proceed) return 0;
  const auto others = failed->second.size() - failed->second.count(change.address);
  return others > static_cast<std::size_t>(policy.max_failures) ? others : 0;
}

}  // namespace trunkform::schedule
