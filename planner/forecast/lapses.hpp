#pragma once
// Why a trunk is without a valid certificate, from what the last look before the end had seen.
#include "planner/forecast/virtual_apply.hpp"
#include "planner/forecast/virtual_trunk.hpp"

namespace trunkform::forecast {

/// The rotation that ended a lapse.
struct LapseEnd {
  const Rotation& rotation;
  const Run& run;
  Duration waited{};  ///< of its carrier, for the request rate
  const Assumptions& assumptions;
};

/// `end`: none where nothing ends it. Sets cause, gate, why, from, until.
Lapse explain_lapse(const VirtualTrunk& trunk, Instant start, const std::optional<LapseEnd>& end);

}  // namespace trunkform::forecast
