#include "state/backends/local/own_files.hpp"

#include <vector>

#include <fmt/format.h>

#include "schemas/model/shell_word.hpp"
#include "schemas/ports/workspaces.hpp"
#include "state/backends/local/paths.hpp"

namespace trunkform::state {
namespace {

Error is_a_link(const Path& path, const Path& target) {
  return Error(ErrorCode::untrusted, fmt::format("the state's {} is a symbolic link", path.string()),
               fmt::format("it leads to {}; whoever may change the configuration could point it anywhere",
                           target.string()))
      .hint("see who put it there; nothing was read from it or written to it")
      .hint("then remove the link, and put the file itself there where it is yours: rm " + shell_word(path.string()));
}

}  // namespace

Result<> check_own_files(FileSystem& files, const Path& folder, const std::string& workspace) {
  const auto paths = paths_of(folder, workspace);
  std::vector<Path> own{paths.state,
                        paths.backup,
                        paths.events,
                        paths.recovery,
                        paths.damaged,
                        paths.lock,
                        paths.lock_info,
                        paths.alerts,
                        paths.alerts_lock,
                        pacing_path(folder),
                        pacing_lock_path(folder),
                        owners_path(folder),
                        owners_lock_path(folder),
                        workspaces_path(folder)};
  if (workspace != k_default_workspace) own.push_back(paths.folder);
  for (const auto& path : own)
    if (const auto target = files.read_link(path)) return is_a_link(path, *target);
  return {};
}

}  // namespace trunkform::state
