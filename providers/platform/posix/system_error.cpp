#include "providers/platform/posix/system_error.hpp"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "schemas/model/shell_word.hpp"

namespace trunkform::platform {
namespace {

ErrorCode code_of(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      return ErrorCode::not_found;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorCode::denied;
    default:
      return ErrorCode::io;
  }
}

std::string hint_of(int number, const Path& path) {
  const auto folder = shell_word(path.has_parent_path() ? path.parent_path().string() : std::string("."));
  switch (number) {
    case ENOENT:
    case ENOTDIR:
    case EISDIR:
    case ELOOP:
      return fmt::format("check the path, and what is there: ls -la {}", folder);
    case EACCES:
    case EPERM:
      return fmt::format("see who may read and write there: ls -la {}", folder);
    case EROFS:
      return fmt::format("the file system is mounted read-only: findmnt -T {}", folder);
    case ENOSPC:
    case EDQUOT:
      return fmt::format("make room and run the command again: df -h {}", folder);
    case EMFILE:
    case ENFILE:
      return "too many files are open: raise the limit with ulimit -n";
    case EIO:
      return "the disk reported a failure: look at dmesg before trying again";
    default:
      return {};
  }
}

}  // namespace

Error system_error(std::string_view action, const Path& path, int number) {
  Error error(code_of(number),
              fmt::format("cannot {} {}: {}", action, path.string(), std::generic_category().message(number)));
  if (auto hint = hint_of(number, path); !hint.empty()) error.hints.push_back(std::move(hint));
  return error;
}

}  // namespace trunkform::platform
