#include "state/remote/ports.hpp"

#include "state/document/workspace.hpp"
#include "state/remote/alert_memory.hpp"
#include "state/remote/event_log.hpp"
#include "state/remote/lock.hpp"
#include "state/remote/ownership.hpp"
#include "state/remote/pacing.hpp"
#include "state/remote/promises.hpp"
#include "state/remote/state_store.hpp"
#include "state/remote/workspaces.hpp"

namespace trunkform::state {

Result<Backend> open_remote(const RemoteServices& services, const OpenEngine& open, const std::string& workspace) {
  TRY(check_workspace_name(workspace));
  auto shared = std::make_shared<RemoteState>(TRY(open(workspace)), services.clock, services.random);
  const auto capabilities = shared->engine->capabilities();
  Backend backend;
  backend.store = std::make_unique<RemoteStateStore>(shared);
  backend.log = std::make_unique<RemoteEventLog>(shared);
  backend.lock = std::make_unique<RemoteLock>(shared);
  backend.workspaces = std::make_unique<RemoteWorkspaces>(services, open);
  if (capabilities.ownership) backend.ownership = std::make_unique<RemoteOwnership>(shared, workspace);
  if (capabilities.pacing) backend.pacing = std::make_unique<RemotePacing>(shared, workspace);
  backend.alerts = std::make_unique<RemoteAlertMemory>(shared);
  backend.place = shared->engine->place();
  backend.tells_holder = shared->engine->tells_holder();
  backend.now = [shared](const Context& context) { return shared->engine->now(context); };
  backend.prepare = [services, open](const Context& context) -> Result<> {
    const auto engine = TRY(open(k_default_workspace));
    TRY(engine->prepare(context));
    // One that promises a lock alone has tried it.
    if (!engine->capabilities().cas) return {};
    return probe_promises(context, services, open);
  };
  return backend;
}

}  // namespace trunkform::state
