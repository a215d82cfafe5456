#pragma once
// What is written in place of a state document, whichever backend keeps it. Pure; thread-safe.
#include <span>
#include <vector>

#include "schemas/model/event.hpp"
#include "schemas/model/result.hpp"
#include "schemas/ports/state_store.hpp"

namespace trunkform::state {

/// Compare-and-swap: what is there (null: nothing) must be what the caller read. Error: conflict.
Result<> check_token(const StateDocument* found, const StateToken& token);

/// `folded` with `delta` applied and its serial raised; `last`: the log's last event. Errors: check_delta's.
Result<StateDocument> committed(StateDocument folded, const StateDelta& delta, const StateToken& token, Sequence last);

/// Whether a document may be put in place of one that had `token`. Errors: internal, conflict.
Result<> check_pushed(const StateDocument& document, const StateToken& token);

/// `document` as it is written in place of one that was, with every event up to `last`, `by_the_log`: what was begun
/// and what was revoked stays known, even where the document that is pushed does not know of it.
StateDocument pushed(StateDocument document, StateDocument by_the_log, Sequence last);

/// A line that could not be read back would make the whole log unreadable. Error: check_record's.
Result<> check_event(const Event& event);

/// Those up to `last`.
std::vector<Event> through(std::vector<Event> events, Sequence last);

/// Nothing but epochs and runs: what an interrupted first `plan -out` or `apply` leaves.
bool says_nothing(const StateDocument& document);

}  // namespace trunkform::state
