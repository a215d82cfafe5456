#pragma once
// What whoever writes the configuration puts beside it: often somebody whose change nobody has read yet.
#include <cstdint>
#include <string>

#include "schemas/ports/file_system.hpp"

namespace trunkform::cli {

/// `name`, which is of `folder` unless it is absolute. Errors are shown with their line, so a link beneath `folder`
/// that leads out of it is not followed (error: untrusted): it would show another file's. A name that leads out by
/// itself is the operator's, and read as it is.
Result<std::string> read_authored(FileSystem& files, const Path& folder, const Path& name, std::uint64_t limit);

}  // namespace trunkform::cli
