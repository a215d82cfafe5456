#pragma once
// Whether the kernel would see the whole of a path, and the folder that holds it.
#include "schemas/model/result.hpp"
#include "schemas/ports/file_system.hpp"

namespace trunkform::platform {

/// Error: invalid_input for an empty path or one with a NUL byte, which the kernel would cut there.
Result<> check_path(const Path& path);

/// The folder that a path's last name is in; `.` where it has none.
Path folder_of(const Path& path);

}  // namespace trunkform::platform
