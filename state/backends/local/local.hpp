#pragma once
// The local backend: state, event log and lock in one folder. docs/formats/state.md, events.md, lock.md.
#include <memory>
#include <string>

#include "schemas/ports/alert_memory.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/event_log.hpp"
#include "schemas/ports/file_system.hpp"
#include "schemas/ports/lock.hpp"
#include "schemas/ports/ownership.hpp"
#include "schemas/ports/pacing.hpp"
#include "schemas/ports/random.hpp"
#include "schemas/ports/state_store.hpp"
#include "schemas/ports/workspaces.hpp"

namespace trunkform::state {

struct LocalBackend {
  std::unique_ptr<StateStore> store;
  std::unique_ptr<EventLog> log;
  std::unique_ptr<Lock> lock;
  std::unique_ptr<Workspaces> workspaces;
  std::unique_ptr<Ownership> ownership;
  std::unique_ptr<Pacing> pacing;
  std::unique_ptr<AlertMemory> alerts;
};

/// The ports of `workspace` in `folder`. Touches no file yet. `files`, `clock` and `random` are borrowed and outlive
/// the ports. Error: invalid_input (the workspace's name). Whether the workspace exists is `Workspaces`' to say.
Result<LocalBackend> open_local(FileSystem& files, Clock& clock, Random& random, const Path& folder,
                                const std::string& workspace = k_default_workspace);

}  // namespace trunkform::state
