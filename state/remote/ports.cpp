#include "state/remote/ports.hpp"

#include "state/document/workspace.hpp"
#include "state/remote/alert_memory.hpp"
#include "state/remote/event_log.hpp"
#include "state/remote/lock.hpp"
#include "state/remote/ownership.hpp"
#include "state/remote/pacing.hpp"
#include "state/remote/promises.hpp"
#include "state/remote/sealed_engine.hpp"
#include "state/remote/state_store.hpp"
#include "state/remote/state_versions.hpp"
#include "state/remote/workspaces.hpp"

namespace trunkform::state {
namespace {

/// Others write there too, whatever lock is held.
Result<> write_anew(const Context& context, Engine& engine, Shared what) {
  constexpr int k_attempts = 10;
  for (int attempt = 1;; ++attempt) {
    const auto found = TRY(engine.read_shared(context, what));
    if (!found) return {};
    auto written = engine.write_shared(context, what, found->revision, found->text);
    const bool again =
        !written && (written.error().code == ErrorCode::conflict || written.error().code == ErrorCode::outcome_unknown);
    if (!again || attempt == k_attempts) return written;
  }
}

}  // namespace

Result<Backend> open_remote(const RemoteServices& services, const OpenEngine& open, const std::string& workspace) {
  TRY(check_workspace_name(workspace));
  const auto seal = std::make_shared<Seal>(services.keys, services.random, workspace);
  auto shared = std::make_shared<RemoteState>(seal_engine(TRY(open(workspace)), seal), services.clock, services.random);
  const auto capabilities = shared->engine->capabilities();
  const OpenEngine open_sealed = [services, open](const std::string& name) -> Result<std::unique_ptr<Engine>> {
    return seal_engine(TRY(open(name)), std::make_shared<Seal>(services.keys, services.random, name));
  };
  Backend backend;
  backend.seal = seal;
  backend.store = std::make_unique<RemoteStateStore>(shared);
  backend.log = std::make_unique<RemoteEventLog>(shared);
  backend.lock = std::make_unique<RemoteLock>(shared);
  backend.workspaces = std::make_unique<RemoteWorkspaces>(services, open_sealed);
  if (capabilities.ownership) backend.ownership = std::make_unique<RemoteOwnership>(shared, workspace);
  if (capabilities.pacing) backend.pacing = std::make_unique<RemotePacing>(shared, workspace);
  if (capabilities.versions) backend.versions = std::make_unique<RemoteStateVersions>(shared);
  backend.alerts = std::make_unique<RemoteAlertMemory>(shared);
  backend.place = shared->engine->place();
  backend.tells_holder = shared->engine->tells_holder();
  backend.now = [shared](const Context& context) { return shared->engine->now(context); };
  backend.reseal = [shared](const Context& context) -> Result<> {
    auto& inside = *shared->engine;
    for (const auto what : {Shared::owners, Shared::pacing}) TRY(write_anew(context, inside, what));
    if (const auto alerts = TRY(inside.read_alerts(context))) TRY(inside.write_alerts(context, *alerts));
    return {};
  };
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
