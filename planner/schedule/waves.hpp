#pragma once
// The order of writes: docs/semantics.md, Apply. A wave is the trunks between two soaks. Pure.
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "schemas/model/plan.hpp"

namespace trunkform::schedule {

/// Carriers' labels, and the chains that were seen behind a port of theirs.
using ProvenChains = std::set<std::pair<std::string, Fingerprint>>;

/// What a canary tries, on its carrier: the chain. What is still to be issued is known by its declaration.
std::string chain_key(const PlannedChange& change);

/// What a plan would PATCH; what is held back is not. Borrows.
std::vector<const PlannedChange*> writes_of(const std::vector<PlannedChange>& changes);

/// Waves of everything that writes. Carriers are independent of each other and run side by side; the waves of one
/// carrier stand in their order: first a canary wave for each {carrier, chain}, then waves of at most `wave_size`
/// trunks. What may start earlier comes earlier, then what stands earlier in `changes`. Sets `PlannedChange::wave`.
/// A pair of `proven` needs no canary: a trunk of that carrier was seen to serve that chain (docs/decisions/0250).
std::vector<Wave> waves(std::vector<PlannedChange>& changes, const ProvenChains& proven = {});
/// The same of some of them: what this run writes, when the rest is deferred. Each chain has its canary all the same.
std::vector<Wave> waves_of(std::vector<const PlannedChange*> writes, const ProvenChains& proven = {});

/// What is left of the soaks that earlier runs opened, by the carrier's label: its trunks wait for that first.
using SoaksLeft = std::map<std::string, Duration>;

/// To the end of the last soak, when nothing is deferred: the slowest carrier. `step` is what one trunk takes by
/// itself.
Duration estimate(const std::vector<Wave>& waves, Duration step = Duration::zero(), const SoaksLeft& before = {});

/// API calls that the trunks of a plan need: three each (GET, PATCH, GET), and one more at the end of a soak that is
/// looked at.
std::uint64_t requests(const std::vector<PlannedChange>& changes);

}  // namespace trunkform::schedule
