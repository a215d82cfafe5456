#pragma once
// Blue-green groups while planning: an apply leaves a trunk alone whose other one could not carry the calls.
// docs/decisions/0223. Pure.
#include "schemas/model/plan.hpp"

namespace trunkform::engine {

/// Notes at each write of a group whose other trunk is not healthy, or has an expired certificate.
void warn_of_unfit_peers(Plan& plan, Instant now);

}  // namespace trunkform::engine
