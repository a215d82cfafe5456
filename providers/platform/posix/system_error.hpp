#pragma once
// An errno as an Error: what was tried, on which path, in the operating system's words, and what to do.
#include <string_view>

#include "schemas/model/error.hpp"
#include "schemas/ports/file_system.hpp"

namespace trunkform::platform {

/// `cannot ACTION PATH: WORDS`. ENOENT and ENOTDIR are not_found, EACCES, EPERM and EROFS denied, the rest io.
Error system_error(std::string_view action, const Path& path, int number);

}  // namespace trunkform::platform
