#pragma once
// What is said about an address beside its action: drift, warnings, what is to come.
#include "planner/diff/steps.hpp"

namespace trunkform::diff {

std::vector<Drift> drift_of(const Situation& situation);
/// Due, and the source still offers what is live.
bool is_awaiting_source(const Situation& situation, Relation relation);
/// What is bound here failed when it was bound, and still is.
bool has_failed(const Situation& situation);
Error explain_failed(const Situation& situation);
/// Once critical it is an error of the address.
Error explain_awaiting_source(const Situation& situation);
std::vector<std::string> notes_of(const Situation& situation, const PlannedChange& change);

}  // namespace trunkform::diff
