#include "planner/schedule/failed_chains.hpp"

#include <fmt/format.h>

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
    const auto add = [&](const Fingerprint& chain, std::string why) {
      m_failed[{carrier, chain}].insert_or_assign(binding.address, std::move(why));
    };
    if (leaving.contains(binding.address)) add(record.chain->identity.chain, "what is bound there is to be taken back");
    if (was_seen_to_fail) add(record.chain->identity.chain, "its port was seen to fail");
    if (record.failure) add(record.chain->identity.chain, record.failure->reason);
    if (record.quarantine) add(record.quarantine->identity.chain, record.quarantine->reason);
  }
  for (const auto& place : proofs(bindings, records, leaving)) m_failed.erase(place);
}

std::size_t FailedChains::holds(const PlannedChange& change, Instant now) const {
  const bool is_lost = change.before == nullptr || change.health == Health::critical ||
                       change.health == Health::expired || (change.effective_expiry && *change.effective_expiry < now);
  return is_lost ? 0 : failures_elsewhere(change);
}

std::size_t FailedChains::failures_elsewhere(const PlannedChange& change) const {
  if (!change.writes() || change.after == nullptr) return 0;
  return failures_elsewhere(*change.binding, change.after->identity.chain);
}

std::size_t FailedChains::failures_elsewhere(const Binding& binding, const Fingerprint& chain) const {
  const auto* failed = reasons(binding, chain);
  if (failed == nullptr || binding.rollout->on_failure == OnFailure::proceed) return 0;
  const auto others = failed->size() - failed->count(binding.address);
  return others > static_cast<std::size_t>(binding.rollout->max_failures) ? others : 0;
}

std::string FailedChains::told(const PlannedChange& change) const {
  const auto* failed = reasons(*change.binding, change.after->identity.chain);
  if (failed == nullptr) return {};
  std::string text;
  std::size_t left = 0;
  for (const auto& [address, why] : *failed) {
    if (address == change.address) continue;
    if (text.empty())
      text = fmt::format("{}: {}", to_string(address), why);
    else
      ++left;
  }
  return left == 0 ? text : fmt::format("{}; and on {} more", text, left);
}

const FailedChains::Reasons* FailedChains::reasons(const Binding& binding, const Fingerprint& chain) const {
  const auto failed = m_failed.find({binding.carrier->label, chain});
  return failed == m_failed.end() ? nullptr : &failed->second;
}

}  // namespace trunkform::schedule
