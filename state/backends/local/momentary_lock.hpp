#pragma once
// A lock that everybody holds for one small write: what several runs keep together beside their states.
#include <memory>

#include "schemas/ports/clock.hpp"
#include "schemas/ports/file_system.hpp"

namespace trunkform::state {

/// Waits up to 5 s, and makes the folder. Errors: lock_held, cancelled, io.
Result<std::unique_ptr<FileLock>> lock_for_a_moment(FileSystem& files, Clock& clock, const Context& context,
                                                    const Path& lock);

}  // namespace trunkform::state
