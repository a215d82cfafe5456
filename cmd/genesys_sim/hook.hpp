#pragma once
// `-on-bind`: a command of the operator's after each bind. It is told public facts only, never a key.
#include <string>

#include "cmd/genesys_sim/service/service.hpp"

namespace trunkform::sim {

/// Runs `sh -c COMMAND` with $1 the trunk's id, $2 the leaf's fingerprint, and SIM_TRUNK_ID, SIM_TRUNK_NAME, SIM_LEAF,
/// SIM_CHAIN in the environment; waits for it at most half a minute. Says on stderr what failed.
void run_hook(const std::string& command, const BindNotice& notice);

}  // namespace trunkform::sim
