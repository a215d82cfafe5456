#pragma once
// The few system calls beneath FileSystem, one to one: no retries, no policy. It is an interface so that the very code
// that writes state files runs over a simulated kernel whose every call can fail (providers/platform/simulated).
// Thread-safe. Failures are errno values; EINTR and short transfers are the caller's to handle.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "schemas/model/time.hpp"
#include "schemas/ports/file_system.hpp"

namespace trunkform::platform {

template <class T>
using SystemResult = tl::expected<T, int>;

enum class FileKind { regular, directory, link, other };

struct FileStatus {
  FileKind kind = FileKind::other;
  std::uint64_t size = 0;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  Instant modified{};
  unsigned mode = 0;  ///< permission bits, sticky included
  unsigned owner = 0;
  unsigned group = 0;
};

/// Relative to the process's working directory, as AT_FDCWD.
inline constexpr int k_working_directory = -100;

class SystemCalls {
 public:
  virtual ~SystemCalls() = default;
  /// openat(2); O_CLOEXEC is always added.
  virtual SystemResult<int> open(int folder, const Path& path, int flags, unsigned mode) = 0;
  /// openat2(2) for reading with RESOLVE_BENEATH and RESOLVE_NO_MAGICLINKS.
  virtual SystemResult<int> open_beneath(int folder, const Path& relative) = 0;
  virtual void close(int descriptor) noexcept = 0;
  virtual SystemResult<std::size_t> read(int descriptor, char* into, std::size_t size) = 0;
  /// poll(2): whether a read would not block now; false after `milliseconds`.
  virtual SystemResult<bool> wait_readable(int descriptor, int milliseconds) = 0;
  virtual SystemResult<std::size_t> read_at(int descriptor, char* into, std::size_t size, std::uint64_t offset) = 0;
  virtual SystemResult<std::size_t> write(int descriptor, const char* from, std::size_t size) = 0;
  virtual SystemResult<void> sync(int descriptor) = 0;       ///< fsync(2)
  virtual SystemResult<void> sync_data(int descriptor) = 0;  ///< fdatasync(2)
  virtual SystemResult<void> truncate(int descriptor, std::uint64_t size) = 0;
  virtual SystemResult<void> rename(int folder, const Path& from, const Path& to) = 0;  ///< both in `folder`
  virtual SystemResult<void> unlink(int folder, const Path& path) = 0;
  virtual SystemResult<void> make_directory(const Path& path, unsigned mode) = 0;
  virtual SystemResult<void> remove_directory(int folder, const Path& path) = 0;  ///< an empty one
  /// symlinkat(2); `target` as it is to stand there.
  virtual SystemResult<void> make_link(int folder, const Path& path, const Path& target) = 0;
  virtual SystemResult<FileStatus> status(const Path& path) = 0;                ///< stat(2)
  virtual SystemResult<FileStatus> status(int descriptor) = 0;                  ///< fstat(2)
  virtual SystemResult<std::vector<std::string>> list(const Path& folder) = 0;  ///< without `.` and `..`
  virtual SystemResult<Path> read_link(const Path& path) = 0;
  /// An exclusive lock of the open file description (F_OFD_SETLK); EAGAIN when another description holds one.
  virtual SystemResult<void> lock(int descriptor) = 0;
  virtual unsigned user() const = 0;  ///< geteuid(2)
  /// Whether the group has the name of this user and no other member, as each user's own has where umask is 002. False
  /// where nobody knows one of the two.
  virtual bool is_private_group(unsigned group, unsigned user) const = 0;
  virtual std::string group_name(unsigned group) const = 0;  ///< its number where it has none
};

/// The running kernel's. Lives as long as the process.
SystemCalls& posix_system_calls();

}  // namespace trunkform::platform
