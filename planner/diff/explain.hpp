#pragma once
// What a gate says to the person who meets it: what is so, why it stops this address, which command goes on.
#include "planner/diff/steps.hpp"

namespace trunkform::diff {

Error explain_wrong_organisation(const Organisation& pinned, const Organisation& now);
/// The same of one address.
Error explain_wrong_organisation(const Address& address, const Organisation& pinned, const Organisation& now);
/// A record whose trunk another binding has now is not forgotten while that one is stopped.
Error explain_successor_is_stopped(const Address& left, const Address& successor);
/// Precondition: `gate` holds for `situation`.
Error explain(Gate gate, const Situation& situation);

}  // namespace trunkform::diff
