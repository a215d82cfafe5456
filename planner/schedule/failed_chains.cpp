#include "planner/schedule/failed_chains.hpp"

namespace trunkform::schedule {

FailedChains::FailedChains(const std::vector<PlannedChange>& changes, const std::map<Address, ResourceRecord>& records,
                           const std::set<Address>& leaving) {
  for (const auto& change : changes) {
    const auto found = records.find(change.address);
    if (!change.binding || found == records.end()) continue;
    const auto& record = found->second;
    const auto& carrier = change.binding->carrier->label;
    if (record.failure || leaving.contains(change.address))
      m_failed[{carrier, record.chain->identity.chain}].insert(change.address);
    if (record.quarantine) m_failed[{carrier, record.quarantine->identity.chain}].insert(change.address);
  }
}

std::size_t FailedChains::holds(const PlannedChange& change, Instant now) const {
  if (m_failed.empty() || !change.writes() || change.after == nullptr) return 0;
  const auto& policy = *change.binding->rollout;
  const auto failed = m_failed.find({change.binding->carrier->label, change.after->identity.chain});
  const bool is_lost = change.effective_expiry && *change.effective_expiry < now;
  if (failed == m_failed.end() || policy.on_failure == OnFailure::proceed || is_lost) return 0;
  const auto others = failed->second.size() - failed->second.count(change.address);
  return others > static_cast<std::size_t>(policy.max_failures) ? others : 0;
}

}  // namespace trunkform::schedule
