#pragma once
// The durable replacement of one file or link: temporary file in the same folder, fsync, rename, fsync of the folder.
#include <string_view>

#include "providers/platform/posix/system_calls.hpp"
#include "schemas/model/result.hpp"

namespace trunkform::platform {

/// On any error before the rename the old file is untouched and the temporary file is removed. After the rename only
/// the folder's fsync can fail: then the new content is in place, and the error says that it may not survive a power
/// cut.
Result<> replace_file(SystemCalls& calls, const Path& path, std::string_view bytes, unsigned mode);

/// The same for a symbolic link to `target`.
Result<> replace_link(SystemCalls& calls, const Path& path, const Path& target);

/// Makes the names in a folder durable. Never repeated after a failure.
Result<> sync_folder(SystemCalls& calls, const Path& folder);

}  // namespace trunkform::platform
