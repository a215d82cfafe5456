#pragma once
// FileLock by a lock of the open file description, which dies with the process and is not lost when another descriptor
// of the same file is closed (as POSIX record locks are).
#include <memory>

#include "providers/platform/posix/system_calls.hpp"
#include "schemas/ports/file_system.hpp"

namespace trunkform::platform {

/// One try. Errors: lock_held; unsupported where the file system has no locks; io.
Result<std::unique_ptr<FileLock>> lock_file(SystemCalls& calls, const Path& path);

}  // namespace trunkform::platform
