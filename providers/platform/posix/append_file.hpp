#pragma once
// AppendFile over system calls.
#include <memory>

#include "providers/platform/posix/system_calls.hpp"
#include "schemas/ports/file_system.hpp"

namespace trunkform::platform {

/// Creates the file where there is none; its name is durable on return. Follows no link at the last name.
Result<std::unique_ptr<AppendFile>> open_append_file(SystemCalls& calls, const Path& path, unsigned mode);

}  // namespace trunkform::platform
