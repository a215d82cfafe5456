#pragma once
// Whose trunks the state is about, and whose the credentials reach.
#include "schemas/model/trunk.hpp"

namespace trunkform::diff {

/// Pinned by host and client id, because the API hid the organisation then, and shown by the API to the same client
/// now.
bool learns_organisation(const Organisation& pinned, const Organisation& now);
/// The credentials may be used on this state. `pinned`: of the state; `now`: as the service answered.
bool is_organisation_of(const Organisation& pinned, const Organisation& now);

}  // namespace trunkform::diff
