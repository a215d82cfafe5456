#pragma once
// What the state says about a trunk, and will say after a change. History and quarantine follow state/document/history.
// Pure.
#include <map>
#include <optional>
#include <string>

#include "schemas/model/plan.hpp"
#include "schemas/ports/state_store.hpp"

namespace trunkform::engine {

/// All; none where there is no state. Borrowed from `state`.
const std::map<Address, ResourceRecord>& records_of(const std::optional<Snapshot>& state);

/// Of an address; null: nothing. Borrowed from `state`.
const ResourceRecord* recorded(const std::optional<Snapshot>& state, const Address& address);

/// The trunks that the state binds, and by which address: what "managed" means, wherever it is said.
std::map<TrunkId, Address> managed_trunks(const std::optional<Snapshot>& state);

/// Of the trunk of a change: an address that was pointed elsewhere has no past there.
const ResourceRecord* prior_of(const std::optional<Snapshot>& state, const PlannedChange& change);

/// After binding `change.after` by the plan of that digest.
ResourceRecord record_after_bind(const PlannedChange& change, const ResourceRecord* prior, const std::string& plan,
                                 Instant now);

/// After taking over what is live (`adopt`, `import`): nothing was written to the trunk.
ResourceRecord record_after_adopt(const PlannedChange& change, const ResourceRecord* prior, Instant now);

/// Where nothing is to be done but the state is behind: the trunk was renamed, or `prevent_destroy` was changed. None:
/// it has nothing to learn, or an intent there is still without outcome.
std::optional<ResourceRecord> upkeep_of(const std::optional<Snapshot>& state, const PlannedChange& change);

/// Where what was recorded as bound comes from another source or version by now: a renewed store, a moved file. None:
/// it is as recorded.
std::optional<ResourceRecord> with_new_source(const ResourceRecord& bound, const PlannedChange& change);

/// After going back to `earlier`: it is what is bound; the chain of `left` is quarantined.
ResourceRecord record_after_rollback(const ResourceRecord& left, const HistoryEntry& earlier, std::string reason,
                                     Instant now);

/// As an event holds it: the history follows from what the state had (state/document/fold), and lines stay short.
ResourceRecord without_history(ResourceRecord record);

}  // namespace trunkform::engine
