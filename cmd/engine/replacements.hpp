#pragma once
// What `-replace` asks for outlives the run that was given it: it is in the log before anything is issued or bound, and
// every later plan goes on wanting it (docs/decisions/0389-a-replacement-outlives-its-run.md). Pure.
#include <optional>
#include <vector>

#include "schemas/model/event.hpp"
#include "schemas/model/plan.hpp"
#include "schemas/ports/state_store.hpp"

namespace trunkform::engine {

/// What an apply of `plan` writes down first: the replacements that it is to make and that the state does not have yet.
std::vector<EventBody> replacements_asked(const Plan& plan, const std::optional<Snapshot>& state);

/// What the state still has, and this plan found to be over: another certificate is there by now.
std::vector<EventBody> replacements_over(const Plan& plan, const std::optional<Snapshot>& state);

}  // namespace trunkform::engine
