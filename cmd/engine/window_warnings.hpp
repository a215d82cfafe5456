#pragma once
// A rollout that outlasts its window leaves trunks behind: told with the plan, while waves and windows can still be
// changed. docs/semantics.md, Apply. Pure.
#include "planner/schedule/waves.hpp"
#include "schemas/model/plan.hpp"

namespace trunkform::engine {

/// Adds a warning for each carrier whose waves, which the plan has, do not fit into the window that they start in.
/// `before`: what is left of the soaks of earlier runs.
void warn_of_short_windows(Plan& plan, const schedule::SoaksLeft& before, Instant now);

}  // namespace trunkform::engine
