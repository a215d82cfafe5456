#pragma once
// `init`, where the backend is chosen: -backend-config, -migrate-state, -reconfigure.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cmd/trunkform/run_command.hpp"
#include "state/backends/copy_state.hpp"

namespace trunkform::cli {

struct CopiedWorkspace {
  std::string name;
  state::CopiedState state;
};

struct BackendMove {
  std::optional<std::string> from;      ///< where the state was, where that is elsewhere
  std::vector<CopiedWorkspace> copied;  ///< empty: nothing was to be copied
  std::vector<std::string> encrypted;   ///< workspaces that were in the clear until now
  bool wrote = false;                   ///< anything: tables, the record, a copy
};

/// Makes the backend that the configuration and this command's flags say the session's, prepares it, takes the state
/// along where that is wanted, and writes down where it is. `given`: what -backend-config says, as `read_given` has it.
/// Errors: conflict (the state is elsewhere, and no flag says what to do), copy_state's, the backends'.
Result<BackendMove> settle_backend(Frame& frame, std::map<std::string, std::string> given);

}  // namespace trunkform::cli
