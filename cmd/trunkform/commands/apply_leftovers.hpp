#pragma once
// What earlier runs left to this apply, told before anybody is asked: trunks of which nobody knows what was done to
// them, rollbacks that are due, soaks whose end nobody saw.
#include <set>

#include "cmd/trunkform/recovered_state.hpp"
#include "planner/schedule/soak.hpp"

namespace trunkform::cli {

/// What an interrupted run did to these is not known: nothing is written there until it is. Of the plan's addresses
/// they become its errors; the others are told, as warnings where the apply is about some addresses alone.
void leave_unresolved_alone(RecoveredState& state, Plan& plan, bool partial, Reporter& reporter);

/// Of the rollbacks that are due those stay that this apply will do. All of them are returned, whoever does them.
std::set<Address> keep_own_rollbacks(RecoveredState& state, Plan& plan);
void tell_rollbacks(const RecoveredState& state, const Plan& plan, Reporter& reporter);

/// Whether the apply may write because of them: what fails at the end of its soak is rolled back, and that is asked
/// about like any other write.
bool tell_open_soaks(const schedule::SoaksOfRun& soaks, Reporter& reporter);

}  // namespace trunkform::cli
