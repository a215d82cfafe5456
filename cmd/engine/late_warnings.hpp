#pragma once
// A plan that binds what is issued at the last moment, or never, says so before anybody approves it.
#include "planner/schedule/waves.hpp"
#include "schemas/model/plan.hpp"

namespace trunkform::engine {

/// Adds a warning for each certificate that is issued here and comes too late, also where its next renewal is still
/// ahead. `before`: as for `schedule::estimate`.
void warn_of_late_binds(Plan& plan, const schedule::SoaksLeft& before, Instant now);

}  // namespace trunkform::engine
