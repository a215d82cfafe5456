#include "providers/platform/posix/file_lock.hpp"

#include <cerrno>

#include <fcntl.h>

#include "providers/platform/posix/descriptor.hpp"
#include "providers/platform/posix/system_error.hpp"
#include "providers/platform/posix/transfer.hpp"

namespace trunkform::platform {
namespace {

/// Somebody may replace the file between our open and our lock; a lock on a file without a name excludes nobody.
constexpr int k_lock_attempts = 8;

class PosixFileLock final : public FileLock {
 public:
  PosixFileLock(SystemCalls& calls, Descriptor file, Path path)
      : m_calls(calls), m_file(std::move(file)), m_path(std::move(path)) {}

  bool still_ours() const override {
    const auto held = m_calls.status(m_file.number());
    const auto named = m_calls.status(m_path);
    return held && named && held->inode == named->inode && held->device == named->device;
  }

 private:
  SystemCalls& m_calls;
  Descriptor m_file;
  Path m_path;
};

Error lock_error(const Path& path, int number) {
  if (number == EAGAIN || number == EACCES)
    return Error(ErrorCode::lock_held, path.string() + " is locked by another process");
  if (number == ENOLCK || number == EOPNOTSUPP || number == ENOSYS || number == EINVAL)
    return Error(ErrorCode::unsupported, "the file system of " + path.string() + " has no file locks")
        .hint("keep the state on a local disk, or use a remote backend");
  return system_error("lock", path, number);
}

}  // namespace

Result<std::unique_ptr<FileLock>> lock_file(SystemCalls& calls, const Path& path) {
  for (int attempt = 0; attempt < k_lock_attempts; ++attempt) {
    const auto number =
        uninterrupted([&] { return calls.open(k_working_directory, path, O_RDWR | O_CREAT | O_NOFOLLOW, 0600); });
    if (!number) return system_error("open the lock file", path, number.error());
    Descriptor file(calls, *number);
    const auto locked = uninterrupted([&] { return calls.lock(file.number()); });
    if (!locked) return lock_error(path, locked.error());
    auto lock = std::make_unique<PosixFileLock>(calls, std::move(file), path);
    if (lock->still_ours()) return std::unique_ptr<FileLock>(std::move(lock));
  }
  return Error(ErrorCode::io, "cannot lock " + path.string() + ": the file is replaced again and again")
      .hint("find out which program removes or replaces it; trunkform never does");
}

}  // namespace trunkform::platform
