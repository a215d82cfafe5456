#pragma once
// What a trunk had before: where rollback can go. Pure; thread-safe.
#include <span>
#include <string>
#include <vector>

#include "schemas/model/event.hpp"
#include "schemas/model/state.hpp"

namespace trunkform::state {

/// `next` as it follows `previous` (none: the first of its address): history is that of `previous` with its chain put
/// in front where another identity takes its place, never the same identity twice in a row, at most five. Another trunk
/// has another history: what the address had on the trunk before is no way back for this one. A chain that
/// `next` quarantines is no way back and does not enter. A quarantine of the chain that is now bound is over.
ResourceRecord succeed(const ResourceRecord* previous, ResourceRecord next);

/// Everything that happened to what is now called `wanted`, and to its instances, oldest first, under their earlier
/// names too.
std::vector<Event> events_of(std::span<const Event> events, const Address& wanted);
/// The same of a `certificate.issued`.
std::vector<Event> events_of(std::span<const Event> events, const std::string& issue);

/// The newest entry of a record's history that is not `quarantined` and has not ended at `now`; null where none is.
const HistoryEntry* way_back(const ResourceRecord& record, Instant now);

}  // namespace trunkform::state
