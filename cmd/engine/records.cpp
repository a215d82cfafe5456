#include "cmd/engine/records.hpp"

#include <algorithm>

#include "state/document/history.hpp"

namespace trunkform::engine {

const std::map<Address, ResourceRecord>& records_of(const std::optional<Snapshot>& state) {
  static const std::map<Address, ResourceRecord> k_none;
  return state ? state->document.resources : k_none;
}

const ResourceRecord* recorded(const std::optional<Snapshot>& state, const Address& address) {
  if (!state) return nullptr;
  const auto found = state->document.resources.find(address);
  return found == state->document.resources.end() ? nullptr : &found->second;
}

std::map<TrunkId, Address> managed_trunks(const std::optional<Snapshot>& state) {
  std::map<TrunkId, Address> managed;
  if (state)
    for (const auto& [address, record] : state->document.resources) managed.emplace(record.trunk_id, address);
  return managed;
}

const ResourceRecord* prior_of(const std::optional<Snapshot>& state, const PlannedChange& change) {
  const auto* record = recorded(state, change.address);
  return record != nullptr && change.trunk_id && record->trunk_id == *change.trunk_id ? record : nullptr;
}
namespace {

/// The name that the configuration means the trunk by, whatever it is called now: as long as that is not followed, the
/// rename is drift, and the trunk is found by what is recorded (decision 0177).
std::string name_of(const PlannedChange& change) {
  const auto* by_name = change.binding ? std::get_if<TrunkByName>(&change.binding->trunk) : nullptr;
  return by_name != nullptr ? by_name->name : change.trunk_name;
}

/// What stays of `prior`, and where the record belongs.
ResourceRecord base_record(const PlannedChange& change, const ResourceRecord* prior, ChainPtr chain, Instant now) {
  ResourceRecord record;
  record.address = change.address;
  record.trunk_id = *change.trunk_id;
  record.trunk_name = name_of(change);
  record.chain = std::move(chain);
  record.version = change.version;
  record.bound_at = now;
  if (change.binding) {
    record.locator = change.binding->locator;
    record.prevent_destroy = change.binding->prevent_destroy;
  }
  if (prior != nullptr) record.quarantine = prior->quarantine;
  return record;
}

}  // namespace

ResourceRecord record_after_bind(const PlannedChange& change, const ResourceRecord* prior, const std::string& plan,
                                 Instant now) {
  auto record = base_record(change, prior, change.after, now);
  record.plan = plan;
  return state::succeed(prior, std::move(record));
}

ResourceRecord record_after_adopt(const PlannedChange& change, const ResourceRecord* prior, Instant now) {
  auto record = base_record(change, prior, change.before, now);
  // What the source offers is another certificate than the one that was found: its version is not this one's.
  if (change.after != nullptr && change.after->identity != change.before->identity) record.version.reset();
  return state::succeed(prior, std::move(record));
}

std::optional<ResourceRecord> upkeep_of(const std::optional<Snapshot>& state, const PlannedChange& change) {
  const auto* prior = prior_of(state, change);
  if (prior == nullptr || change.action != Action::no_op || !change.binding) return std::nullopt;
  // A new record would close the intent, and what it was about would be forgotten.
  if (state->document.open_intents.contains(change.address)) return std::nullopt;
  auto record = *prior;
  record.trunk_name = name_of(change);
  record.prevent_destroy = change.binding->prevent_destroy;
  if (record.trunk_name == prior->trunk_name && record.prevent_destroy == prior->prevent_destroy) return std::nullopt;
  return record;
}

std::optional<ResourceRecord> with_new_source(const ResourceRecord& bound, const PlannedChange& change) {
  if (!change.binding || (bound.locator == change.binding->locator && bound.version == change.version))
    return std::nullopt;
  auto record = bound;
  record.locator = change.binding->locator;
  record.version = change.version;
  return record;
}

ResourceRecord record_after_rollback(const ResourceRecord& left, const HistoryEntry& earlier, std::string reason,
                                     Instant now) {
  ResourceRecord record = left;
  record.chain = earlier.chain;
  record.as_read.reset();
  record.failure.reset();
  record.locator = earlier.locator;
  record.version = earlier.version;
  record.plan = earlier.plan;
  record.bound_at = now;
  record.quarantine = Quarantine{left.chain->identity, now, std::move(reason)};
  return state::succeed(&left, std::move(record));
}

ResourceRecord without_history(ResourceRecord record) {
  record.history.clear();
  return record;
}

}  // namespace trunkform::engine
