#include "state/backends/local/paths.hpp"

#include <algorithm>

#include "schemas/ports/workspaces.hpp"

namespace trunkform::state {
namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

}  // namespace

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

Path selection_path(const Path& folder) { return folder / ".trunkform.workspace"; }

Path pacing_path(const Path& folder) { return folder / "trunkform.pacing.json"; }

Path pacing_lock_path(const Path& folder) { return folder / ".trunkform.pacing.lock"; }

Path owners_path(const Path& folder) { return folder / "trunkform.owners.json"; }

Path owners_lock_path(const Path& folder) { return folder / ".trunkform.owners.lock"; }

Path workspaces_path(const Path& folder) { return folder / "trunkform.state.d"; }

Result<> check_workspace_name(const std::string& name) {
  constexpr std::size_t k_longest = 90;
  if (!name.empty() && name.size() <= k_longest && name.front() != '.' && name.front() != '-' &&
      std::all_of(name.begin(), name.end(), is_name_character)) {
    return {};
  }
  return Error(ErrorCode::invalid_input, "this is not a workspace's name",
               "letters, digits, `-`, `_` and `.`, at most 90, beginning with a letter, a digit or `_`")
      .hint("choose another name");
}

}  // namespace trunkform::state
