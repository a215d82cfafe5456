#pragma once
// The backends: one line each. A new one is a folder, a line here and in registry.cpp, and its block in
// planner/language/configuration/schema_root.cpp.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "schemas/ports/blob_store.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/file_system.hpp"
#include "schemas/ports/key_value_store.hpp"
#include "schemas/ports/object_store.hpp"
#include "schemas/ports/random.hpp"
#include "schemas/ports/state_server.hpp"
#include "state/backends/backend.hpp"

namespace trunkform::state {

/// Borrowed; they outlive the backend. `folder`: of a local state that state itself, else the configuration's, where
/// the selected workspace is written down.
struct BackendServices {
  FileSystem& files;
  Clock& clock;
  Random& random;
  Path folder;
  /// With which every state there is encrypted; null: none is.
  std::shared_ptr<const StateKeys> state_keys{};
  /// The bucket that the block names, with the run's credentials; asked of a state in objects alone.
  std::function<Result<std::shared_ptr<ObjectStore>>()> objects{};
  /// The same for the container of a state in blobs.
  std::function<Result<std::shared_ptr<BlobStore>>()> blobs{};
  /// The same for the server of a state behind Terraform's HTTP protocol.
  std::function<Result<std::shared_ptr<StateServer>>()> state_server{};
  /// The same for the cluster of a state in keys.
  std::function<Result<std::shared_ptr<KeyValueStore>>()> keys{};
};

/// The ports of `workspace` in a backend of `type` with the arguments of its block. Asks nothing of it yet. Errors:
/// invalid_input (the workspace's name, an argument), unsupported (no such type); and those of `objects`.
Result<Backend> open_backend(const BackendServices& services, std::string_view type,
                             const std::map<std::string, std::string>& arguments, const std::string& workspace);

}  // namespace trunkform::state
