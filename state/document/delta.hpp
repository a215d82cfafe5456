#pragma once
// Applying what a run changed. Pure; thread-safe.
#include "schemas/model/result.hpp"
#include "schemas/ports/state_store.hpp"

namespace trunkform::state {

/// Removals, then upserts, then the rest; serial and lineage are left alone. `folded_through` never goes back.
StateDocument apply_delta(StateDocument document, const StateDelta& delta);

/// What may be written at all. Errors: internal (a record without a chain), conflict (two addresses bind one trunk, of
/// which one is in `delta`; names the owner). `after` is the document with `delta` applied.
Result<> check_delta(const StateDocument& after, const StateDelta& delta);

}  // namespace trunkform::state
