#pragma once
// The local backend: state, event log and lock in one folder. docs/formats/state.md, events.md, lock.md.
#include <string>

#include "schemas/ports/clock.hpp"
#include "schemas/ports/file_system.hpp"
#include "schemas/ports/random.hpp"
#include "state/backends/backend.hpp"

namespace trunkform::state {

/// The ports of `workspace` in `folder`. `keys`: null, where nothing is encrypted. Touches no file yet. `files`,
/// `clock` and `random` are borrowed and outlive the ports. Error: invalid_input (the workspace's name). Whether the
/// workspace exists is `Workspaces`' to say.
Result<Backend> open_local(FileSystem& files, Clock& clock, Random& random, const Path& folder,
                           const std::string& workspace = k_default_workspace,
                           const std::shared_ptr<const StateKeys>& keys = nullptr);

}  // namespace trunkform::state
