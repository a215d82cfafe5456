#pragma once
// What a run depends on, looked at without a lock and without a change: the service, the state, each source. Whatever
// goes wrong is a line of the checkup, not an error. Thread-safe for different subjects.
#include <optional>

#include "cmd/engine/gather.hpp"
#include "cmd/engine/sources.hpp"
#include "schemas/model/checkup.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/trunk_api.hpp"
#include "state/backends/backend.hpp"

namespace trunkform::engine {

/// Signs in, asks for the organisation, and lists all trunks: one call for a hundred.
Checkup examine_service(const Context& context, TrunkApi& api);

/// Where the state lives, if that is another machine: whether it answers, and whether its clock and ours agree. Locks
/// and the pace of a carrier run by its clock, events and windows by ours. Nothing is changed there.
void examine_engine(const Context& context, const state::Backend& backend, const Clock& clock, Checkup& checkup);

/// What a state's reading brought.
Checkup examine_state(const Result<ReadState>& state);

/// Reads what the source offers, as a plan does.
Checkup examine_source(const Context& context, Sources& sources, const Binding& binding, Instant now);

/// A line about a clock, where there was an answer to tell by.
void examine_clock(Checkup& checkup, std::optional<Duration> difference);

}  // namespace trunkform::engine
