#pragma once
// The names of the local backend's files: docs/formats/state.md, "Files".
#include <string>

#include "schemas/model/result.hpp"
#include "schemas/ports/file_system.hpp"

namespace trunkform::state {

struct LocalPaths {
  Path folder;
  Path state;        ///< `trunkform.state.json`
  Path backup;       ///< `trunkform.state.backup`: the document before the last write
  Path events;       ///< `trunkform.state.events`
  Path recovery;     ///< `trunkform.state.recovery.json`: what could not be written
  Path damaged;      ///< `trunkform.state.damaged`: an unreadable document that `state push` replaced
  Path lock;         ///< `.trunkform.lock`: locked, never unlinked, always empty
  Path lock_info;    ///< `.trunkform.lock.info`
  Path alerts;       ///< `trunkform.alerts.json`: who was told of which problem
  Path alerts_lock;  ///< `.trunkform.alerts.lock`: held while it is changed
};

/// The folder itself for `default`, `trunkform.state.d/NAME/` for others.
LocalPaths paths_of(const Path& folder, const std::string& workspace);

/// Which places of carriers are taken, by whatever workspace; and the lock that is held while it is changed.
Path pacing_path(const Path& folder);
Path pacing_lock_path(const Path& folder);
/// Which workspace has which trunk; and the lock that is held while it is changed.
Path owners_path(const Path& folder);
Path owners_lock_path(const Path& folder);
/// Where the workspaces other than `default` lie.
Path workspaces_path(const Path& folder);

}  // namespace trunkform::state
