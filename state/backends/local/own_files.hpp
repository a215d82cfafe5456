#pragma once
// The state's files are where they seem to be. Whoever may change the configuration can add a link to the folder, and
// what it leads to would be read, shown with an error's line, and written (docs/decisions/0370). Thread-safe.
#include <string>

#include "schemas/ports/file_system.hpp"

namespace trunkform::state {

/// No file of the state in `folder`, nor the folder of a workspace, is a symbolic link, wherever it leads. Error:
/// untrusted, with the command that removes it.
Result<> check_own_files(FileSystem& files, const Path& folder, const std::string& workspace);

}  // namespace trunkform::state
