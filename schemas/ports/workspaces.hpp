#pragma once
// Named states of one configuration. `default` is always there and cannot be deleted. Thread-safe.
#include <string>
#include <vector>

#include "schemas/model/result.hpp"
#include "schemas/ports/context.hpp"

namespace trunkform {

inline constexpr const char* k_default_workspace = "default";

/// What to do with a workspace that still has resources.
enum class DeleteWorkspace { only_empty, with_resources };

class Workspaces {
 public:
  virtual ~Workspaces() = default;
  /// Sorted, `default` first.
  virtual Result<std::vector<std::string>> list(const Context& context) = 0;
  /// The one that was selected last; `default` where none was.
  virtual Result<std::string> selected(const Context& context) = 0;
  /// Errors: invalid_input (name), conflict (exists).
  virtual Result<> create(const Context& context, const std::string& name) = 0;
  /// Error: not_found.
  virtual Result<> select(const Context& context, const std::string& name) = 0;
  /// Errors: not_found, conflict (selected, or it has resources), lock_held, invalid_input (`default`).
  virtual Result<> remove(const Context& context, const std::string& name, DeleteWorkspace mode) = 0;
};

}  // namespace trunkform
