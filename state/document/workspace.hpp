#pragma once
// What holds of workspaces on every backend: how they are called, which one is selected, when one may be deleted.
#include <string>

#include "schemas/model/result.hpp"
#include "schemas/model/state.hpp"
#include "schemas/ports/file_system.hpp"

namespace trunkform::state {

/// A name that is safe as a folder, a key and in a command line. Error: invalid_input.
Result<> check_workspace_name(const std::string& name);

/// `not_found`.
Error no_such_workspace(const std::string& name);

/// `conflict`, where `create` finds it.
Error workspace_exists(const std::string& name);

/// Whether it is one that may be deleted at all. Error: invalid_input (`default`).
Result<> check_not_default(const std::string& name);
/// Error: conflict, where it is the one that is `selected`.
Result<> check_not_selected(const std::string& name, const Result<std::string>& selected);

/// Error: conflict, where `document` still has resources or something is under way.
Result<> check_without_resources(const StateDocument& document, const std::string& name);

/// Where `workspace select` keeps its choice, beside the configuration or the local state.
Path selection_path(const Path& folder);
/// `default` where nothing was chosen. Errors: corrupt, io.
Result<std::string> selected_workspace(FileSystem& files, const Path& folder);
Result<> select_workspace(FileSystem& files, const Path& folder, const std::string& name);

}  // namespace trunkform::state
