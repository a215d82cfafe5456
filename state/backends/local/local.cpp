#include "state/backends/local/local.hpp"

#include "state/backends/local/local_alert_memory.hpp"
#include "state/backends/local/local_event_log.hpp"
#include "state/backends/local/local_lock.hpp"
#include "state/backends/local/local_ownership.hpp"
#include "state/backends/local/local_pacing.hpp"
#include "state/backends/local/local_state_store.hpp"
#include "state/backends/local/local_workspaces.hpp"
#include "state/document/workspace.hpp"

namespace trunkform::state {

Result<Backend> open_local(FileSystem& files, Clock& clock, Random& random, const Path& folder,
                           const std::string& workspace) {
  TRY(check_workspace_name(workspace));
  auto shared = std::make_shared<LocalFolder>(files, clock, random, paths_of(folder, workspace));
  Backend backend;
  backend.store = std::make_unique<LocalStateStore>(shared);
  backend.log = std::make_unique<LocalEventLog>(shared);
  backend.lock = std::make_unique<LocalLock>(shared);
  backend.workspaces = std::make_unique<LocalWorkspaces>(files, clock, folder);
  backend.ownership = std::make_unique<LocalOwnership>(shared, folder, workspace);
  backend.pacing = std::make_unique<LocalPacing>(files, clock, random, folder, workspace);
  backend.alerts = std::make_unique<LocalAlertMemory>(files, clock, shared->paths);
  return backend;
}

}  // namespace trunkform::state
