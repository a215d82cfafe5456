#include "state/backends/local/local.hpp"

#include "state/backends/local/local_alert_memory.hpp"
#include "state/backends/local/local_event_log.hpp"
#include "state/backends/local/local_lock.hpp"
#include "state/backends/local/local_ownership.hpp"
#include "state/backends/local/local_pacing.hpp"
#include "state/backends/local/local_state_store.hpp"
#include "state/backends/local/local_workspaces.hpp"
#include "state/backends/local/momentary_lock.hpp"
#include "state/backends/local/own_files.hpp"
#include "state/document/workspace.hpp"

namespace trunkform::state {
namespace {

Result<> write_anew(LocalFolder& folder, const Context& context, std::string_view kind, const Path& file,
                    const Path& lock) {
  constexpr std::size_t k_most_bytes = 64U << 20;
  if (!TRY(folder.files.exists(file))) return {};
  const auto held = TRY(lock_for_a_moment(folder.files, folder.clock, context, lock));
  const auto text = TRY(folder.seal->open_text(kind, TRY(folder.files.read(file, k_most_bytes))));
  return folder.files.replace(file, TRY(folder.seal->seal_text(kind, text)));
}

}  // namespace

Result<Backend> open_local(FileSystem& files, Clock& clock, Random& random, const Path& folder,
                           const std::string& workspace, const std::shared_ptr<const StateKeys>& keys) {
  TRY(check_workspace_name(workspace));
  TRY(check_own_files(files, folder, workspace));
  auto shared = std::make_shared<LocalFolder>(files, clock, random, paths_of(folder, workspace),
                                              std::make_shared<Seal>(keys, random, workspace));
  Backend backend;
  backend.seal = shared->seal;
  backend.reseal = [shared, folder](const Context& context) -> Result<> {
    TRY(write_anew(*shared, context, k_owners_text, owners_path(folder), owners_lock_path(folder)));
    TRY(write_anew(*shared, context, k_pacing_text, pacing_path(folder), pacing_lock_path(folder)));
    return write_anew(*shared, context, k_alerts_text, shared->paths.alerts, shared->paths.alerts_lock);
  };
  backend.store = std::make_unique<LocalStateStore>(shared);
  backend.log = std::make_unique<LocalEventLog>(shared);
  backend.lock = std::make_unique<LocalLock>(shared);
  backend.workspaces = std::make_unique<LocalWorkspaces>(files, clock, random, folder, keys);
  backend.ownership = std::make_unique<LocalOwnership>(
      shared, folder, workspace, std::make_unique<LocalWorkspaces>(files, clock, random, folder, keys));
  backend.pacing = std::make_unique<LocalPacing>(files, clock, random, folder, workspace, shared->seal);
  backend.alerts = std::make_unique<LocalAlertMemory>(files, clock, shared->paths, shared->seal);
  return backend;
}

}  // namespace trunkform::state
