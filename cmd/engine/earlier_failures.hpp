#pragma once
// What failed in earlier runs, held against what this one is about to begin. docs/decisions/0224. Pure.
#include <optional>
#include <string>
#include <vector>

#include "cmd/engine/apply.hpp"
#include "planner/schedule/failed_chains.hpp"

namespace trunkform::engine {

/// Why this run begins nothing: what an interrupted run failed on, or could not see, stops this one as it would have
/// stopped that one. `outcomes`: of the rollbacks that this run has done already. None: nothing stops it.
std::optional<std::string> stopped_by_earlier_run(const ApplyInputs& inputs,
                                                  const std::vector<AddressOutcome>& outcomes);

/// The chains that failed, counting what this run is about to take back.
schedule::FailedChains failed_chains(const ApplyInputs& inputs);

/// Why `change` is passed over: its chain has failed on `others` trunks of its carrier, or was taken back from them.
std::string held_back(const schedule::FailedChains& failed, const PlannedChange& change, std::size_t others);

}  // namespace trunkform::engine
