#pragma once
// The order of writes: docs/semantics.md, Apply. A wave is the trunks between two soaks. Pure.
#include <cstdint>
#include <vector>

#include "schemas/model/plan.hpp"

namespace trunkform::schedule {

/// Waves of everything that writes. Carriers are independent of each other and run side by side; the waves of one
/// carrier stand in their order: first a canary wave for each {carrier, chain}, then waves of at most `wave_size`
/// trunks. What may start earlier comes earlier, then what stands earlier in `changes`. Sets `PlannedChange::wave`.
std::vector<Wave> waves(std::vector<PlannedChange>& changes);
/// The same of some of them: what this run writes, when the rest is deferred. Each chain has its canary all the same.
std::vector<Wave> waves_of(std::vector<const PlannedChange*> writes);

/// From the first PATCH to the end of the last soak, when nothing is deferred: the slowest carrier. `step` is what one
/// trunk takes by itself.
Duration estimate(const std::vector<Wave>& waves, Duration step = Duration::zero());

/// API calls that the trunks of a plan need: three each (GET, PATCH, GET).
std::uint64_t requests(const std::vector<PlannedChange>& changes);

}  // namespace trunkform::schedule
