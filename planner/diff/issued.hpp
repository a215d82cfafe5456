#pragma once
// What was still to be issued when it was planned, and is there now. Pure.
#include "planner/schedule/not_before.hpp"
#include "schemas/model/plan.hpp"

namespace trunkform::diff {

/// Fills in what a pending change will write, and from when on: the age that a certificate must have counts from its
/// own beginning. Where it cannot be written after all the gate says why: `source_unreachable` (`offer` says why there
/// is none), `older_than_live` (it ends before what is live does). The rules judge it with its key, before it is bound.
void fill_in(PlannedChange& change, const Offer& offer, schedule::WindowRule windows, Instant now);

/// Whether what ends before what is live is refused (`older_than_live`), as `is_older` of what was there when it was
/// planned. Precondition: it has a binding.
bool keeps_what_ends_later(const PlannedChange& change);

/// Whether a change writes what is not there yet.
bool is_to_come(const PlannedChange& change);

/// What is bound where the issuer gives nothing: the chain in the store, where it ends later than what is live and is
/// in force. Null: nothing is. Whoever wants another certificate by `-replace`, or another key, is not given an earlier
/// one. Precondition: `is_to_come`.
ChainPtr meanwhile_of(const PlannedChange& change, const Offer& in_store, Instant now);

}  // namespace trunkform::diff
