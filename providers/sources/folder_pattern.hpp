#pragma once
// Folders by a pattern such as `archive/*/`: each part may have `*`, `?` and `[…]` (POSIX fnmatch). Inside sources
// only.
#include <vector>

#include "schemas/model/result.hpp"
#include "schemas/ports/file_system.hpp"

namespace trunkform::sources {

/// Sorted. A folder that does not exist matches nothing. Errors: as FileSystem::list; invalid_input (too many).
Result<std::vector<Path>> matching_folders(FileSystem& files, const Path& pattern);

}  // namespace trunkform::sources
