#pragma once
// What a command says where a backend keeps no earlier states.
#include "cmd/trunkform/run_command.hpp"

namespace trunkform::cli {

/// Borrowed from the session. Error: unsupported, with what there is instead.
Result<StateVersions*> kept_states(Frame& frame);

}  // namespace trunkform::cli
