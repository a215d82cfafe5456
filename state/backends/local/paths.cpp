#include "state/backends/local/paths.hpp"

#include <algorithm>

#include "schemas/ports/workspaces.hpp"

namespace trunkform::state {
LocalPaths paths_of(const Path& folder, const std::string& workspace) {
  const Path where = workspace == k_default_workspace ? folder : workspaces_path(folder) / workspace;
  return {where,
          where / "trunkform.state.json",
          where / "trunkform.state.backup",
          where / "trunkform.state.events",
          where / "trunkform.state.recovery.json",
          where / "trunkform.state.damaged",
          where / ".trunkform.lock",
          where / ".trunkform.lock.info",
          where / "trunkform.alerts.json",
          where / ".trunkform.alerts.lock"};
}

Path pacing_path(const Path& folder) { return folder / "trunkform.pacing.json"; }

Path pacing_lock_path(const Path& folder) { return folder / ".trunkform.pacing.lock"; }

Path owners_path(const Path& folder) { return folder / "trunkform.owners.json"; }

Path owners_lock_path(const Path& folder) { return folder / ".trunkform.owners.lock"; }

Path workspaces_path(const Path& folder) { return folder / "trunkform.state.d"; }

}  // namespace trunkform::state
