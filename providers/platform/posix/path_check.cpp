#include "providers/platform/posix/path_check.hpp"

namespace trunkform::platform {

Result<> check_path(const Path& path) {
  if (path.empty()) return Error(ErrorCode::invalid_input, "a file path is empty");
  if (path.native().find('\0') != std::string::npos)
    return Error(ErrorCode::invalid_input, "a file path has a NUL byte");
  return {};
}

Path folder_of(const Path& path) { return path.has_parent_path() ? path.parent_path() : Path("."); }

}  // namespace trunkform::platform
