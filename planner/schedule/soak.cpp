#include "planner/schedule/soak.hpp"

#include <algorithm>

namespace trunkform::schedule {
namespace {

std::pair<std::string, Fingerprint> place_of(const Binding& binding, const ChainFacts& chain) {
  return {binding.carrier->label, chain.identity.chain};
}

}  // namespace

std::optional<Instant> open_soak(const ResourceRecord& record, const Binding& binding, Instant now) {
  // What a rollback put there was there before, and has shown what it can.
  const bool was_bound = !record.plan.empty() && !record.was_put_back();
  if (!was_bound || record.failure || binding.rollout->soak <= Duration::zero()) return std::nullopt;
  const auto ends = record.bound_at + binding.rollout->soak;
  if (!binding.verify->tls) return now < ends ? std::optional(ends) : std::nullopt;
  const auto& look = record.look;
  const bool passed_before = look && !look->recorded && !look->settled && look->verdict == CheckVerdict::pass;
  // From when it was seen to be bound; the record knows when that was decided.
  return passed_before ? std::optional(look->at + binding.rollout->soak) : std::nullopt;
}

void add_proof(ProvenChains& proven, const Binding& binding, const std::map<Address, ResourceRecord>& records) {
  const auto found = records.find(binding.address);
  if (found == records.end() || !found->second.look) return;
  const auto& record = found->second;
  const auto& look = *record.look;
  const bool after_soak = look.settled || (look.recorded && look.at >= record.bound_at + binding.rollout->soak);
  if (look.verdict != CheckVerdict::pass || record.failure || !after_soak) return;
  proven.insert(place_of(binding, *record.chain));
}

std::vector<OpenSoak> open_soaks(const std::vector<PlannedChange>& changes,
                                 const std::vector<const PlannedChange*>& writes,
                                 const std::map<Address, ResourceRecord>& records, Instant now) {
  std::vector<OpenSoak> open;
  ProvenChains written;
  for (const auto* change : writes)
    if (change->after != nullptr) written.insert(place_of(*change->binding, *change->after));
  for (const auto& change : changes) {
    const bool stays = !change.writes() && change.action != Action::adopt && change.action != Action::forget;
    if (!stays || !leaves_the_trunk_to_us(change.gate) || !change.binding || !change.trunk_id) continue;
    const auto found = records.find(change.address);
    if (found == records.end() || found->second.trunk_id != *change.trunk_id) continue;
    if (change.before == nullptr || !found->second.is_live_as(change.before->identity)) continue;
    const auto& binding = *change.binding;
    const auto ends = open_soak(found->second, binding, now);
    if (ends && (binding.verify->tls || written.contains(place_of(binding, *found->second.chain))))
      open.push_back({&change, &found->second, *ends});
  }
  return open;
}

void add_canaries(ProvenChains& proven, const std::vector<OpenSoak>& open) {
  for (const auto& one : open) proven.insert(place_of(*one.change->binding, *one.record->chain));
}

}  // namespace trunkform::schedule
