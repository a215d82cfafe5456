#pragma once
// A backend's ports over an engine (engine.hpp).
#include <functional>
#include <memory>
#include <string>

#include "schemas/ports/clock.hpp"
#include "schemas/ports/file_system.hpp"
#include "schemas/ports/random.hpp"
#include "state/backends/backend.hpp"
#include "state/remote/engine.hpp"

namespace trunkform::state {

/// Opens the engine's view of a workspace; asks nothing of it yet. Error: invalid_input (the settings).
using OpenEngine = std::function<Result<std::unique_ptr<Engine>>(const std::string& workspace)>;

/// Borrowed; they outlive the ports. `folder`: the configuration's, where the selected workspace is written down.
struct RemoteServices {
  FileSystem& files;
  Clock& clock;
  Random& random;
  Path folder;
  /// With which all workspaces are encrypted; null: they are not.
  std::shared_ptr<const StateKeys> keys{};
};

/// The ports of `workspace`. Those that the engine's capabilities do not name are null. Errors: `open`'s,
/// invalid_input (the workspace's name).
Result<Backend> open_remote(const RemoteServices& services, const OpenEngine& open, const std::string& workspace);

}  // namespace trunkform::state
