#include "planner/schedule/soak.hpp"

#include <algorithm>

namespace trunkform::schedule {
namespace {

std::pair<std::string, Fingerprint> place_of(const Binding& binding, const ChainFacts& chain) {
  return {binding.carrier->label, chain.identity.chain};
}

/// Who waits for the soaks that are open.
class Waiting {
 public:
  explicit Waiting(const std::vector<const PlannedChange*>& writes) {
    for (const auto* change : writes) {
      if (change->after != nullptr) m_places.insert(place_of(*change->binding, *change->after));
      if (change->binding->colour == Colour::blue) m_blues.insert(change->binding->group);
    }
  }

  /// Further trunks of the carrier that are to get the chain, or the blue of a green, on whatever carrier.
  bool is_for(const Binding& binding, const ChainFacts& chain) const {
    return m_places.contains(place_of(binding, chain)) || is_blue_of(binding);
  }
  bool is_blue_of(const Binding& green) const { return green.colour == Colour::green && m_blues.contains(green.group); }
  bool empty() const { return m_places.empty() && m_blues.empty(); }

 private:
  ProvenChains m_places;
  std::set<std::string> m_blues;
};

/// A binding that names another trunk by now says nothing of the one that is recorded.
bool is_about(const Binding& binding, const ResourceRecord& record) {
  const auto* by_name = std::get_if<TrunkByName>(&binding.trunk);
  return by_name != nullptr ? by_name->name == record.trunk_name
                            : std::get<TrunkById>(binding.trunk).id == record.trunk_id;
}

/// Of what nobody saw behind its port. Where that was at its bind, or when a dead run's bind was found, it was not
/// soaked either; at the end of its soak it was.
Instant unseen_soak_end(const LastLook& look, const Binding& binding, Instant now) {
  return look.settled || look.recorded ? now : std::max(now, look.at + binding.rollout->soak);
}

}  // namespace

std::optional<Instant> open_soak(const ResourceRecord& record, const Binding& binding, Instant now) {
  // What a rollback put there was there before, and has shown what it can.
  const bool was_bound = !record.plan.empty() && !record.was_put_back();
  if (!was_bound || record.failure || binding.rollout->soak <= Duration::zero()) return std::nullopt;
  const auto ends = record.bound_at + binding.rollout->soak;
  if (!binding.verify->tls) return now < ends ? std::optional(ends) : std::nullopt;
  const auto& look = record.look;
  if (!look || look->settled) return std::nullopt;
  // Whatever somebody saw by hand before the end of the soak, it was not its end.
  if (look->recorded) return look->at < ends ? std::optional(ends) : std::nullopt;
  // From when it was seen to be bound; the record knows when that was decided.
  return look->verdict == CheckVerdict::pass ? std::optional(look->at + binding.rollout->soak) : std::nullopt;
}

bool was_not_seen(const ResourceRecord& record, const Binding& binding) {
  return binding.verify->tls && binding.rollout->unreachable == Unreachable::stop && record.look &&
         record.look->verdict == CheckVerdict::inconclusive;
}

ProvenChains proofs(const std::vector<Binding>& bindings, const std::map<Address, ResourceRecord>& records,
                    const std::set<Address>& leaving) {
  ProvenChains proven;
  for (const auto& binding : bindings)
    if (!leaving.contains(binding.address)) add_proof(proven, binding, records);
  return proven;
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
  const Waiting waiting(writes);
  for (const auto& change : changes) {
    const bool stays = !change.writes() && change.action != Action::adopt && change.action != Action::forget;
    if (!stays || !leaves_the_trunk_to_us(change.gate) || !change.binding || !change.trunk_id) continue;
    const auto found = records.find(change.address);
    if (found == records.end() || found->second.trunk_id != *change.trunk_id) continue;
    if (change.before == nullptr || !found->second.is_live_as(change.before->identity)) continue;
    const auto& binding = *change.binding;
    auto ends = open_soak(found->second, binding, now);
    // The run that did not see it stopped for that; the next one goes on, but not with its blue before somebody looked.
    if (!ends && !found->second.failure && waiting.is_blue_of(binding) && was_not_seen(found->second, binding))
      ends = unseen_soak_end(*found->second.look, binding, now);
    if (ends && (binding.verify->tls || waiting.is_for(binding, *found->second.chain)))
      open.push_back({&change, &found->second, *ends});
  }
  return open;
}

std::vector<PlannedChange> left_out_with_chain(const std::vector<Binding>& bindings,
                                               const std::vector<PlannedChange>& changes,
                                               const std::vector<const PlannedChange*>& writes,
                                               const std::map<Address, ResourceRecord>& records) {
  std::vector<PlannedChange> left_out;
  const Waiting waiting(writes);
  if (waiting.empty()) return left_out;
  std::set<Address> planned;
  for (const auto& change : changes) planned.insert(change.address);
  for (const auto& binding : bindings) {
    const auto found = records.find(binding.address);
    if (planned.contains(binding.address) || found == records.end()) continue;
    const auto& record = found->second;
    if (!is_about(binding, record) || !waiting.is_for(binding, *record.chain)) continue;
    PlannedChange& change = left_out.emplace_back();
    change.address = binding.address;
    change.binding = binding;
    change.trunk_id = record.trunk_id;
    change.trunk_name = record.trunk_name;
    change.before = record.chain;
  }
  return left_out;
}

bool SoaksOfRun::is_left_out(const OpenSoak& one) const {
  return std::any_of(left_out.begin(), left_out.end(), [&](const auto& change) { return &change == one.change; });
}

SoaksOfRun soaks_of_run(const std::vector<Binding>& bindings, const std::vector<PlannedChange>& changes,
                        const std::vector<const PlannedChange*>& writes,
                        const std::map<Address, ResourceRecord>& records, const std::set<Address>& leaving,
                        Instant now) {
  SoaksOfRun soaks;
  soaks.open = open_soaks(changes, writes, records, now);
  soaks.left_out = left_out_with_chain(bindings, changes, writes, records);
  for (const auto& one : open_soaks(soaks.left_out, writes, records, now)) soaks.open.push_back(one);
  std::erase_if(soaks.open, [&](const OpenSoak& one) { return leaving.contains(one.change->address); });
  return soaks;
}

void add_canaries(ProvenChains& proven, const std::vector<OpenSoak>& open) {
  for (const auto& one : open) proven.insert(place_of(*one.change->binding, *one.record->chain));
}

}  // namespace trunkform::schedule
