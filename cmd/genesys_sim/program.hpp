#pragma once
// The running simulator: model, fronts, files; from options to exit status.
#include "cmd/genesys_sim/options.hpp"

namespace trunkform::sim {

/// Serves until SIGTERM or SIGINT. 0: stopped and no violations; 3: violations; 1: could not start. Blocks those two
/// signals in the calling thread, which must be the process's first.
int run(const Options& options);

}  // namespace trunkform::sim
