#pragma once
// Files, with the durability that callers may rely on spelled out. Thread-safe. Paths are the operating system's bytes.
// Every operation retries EINTR and short transfers by itself. Errors: not_found, denied, io (with errno's words), and
// a write that fails leaves what was there before, unless said otherwise.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/key_exposure.hpp"
#include "schemas/model/result.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform {

using Path = std::filesystem::path;

/// An exclusive lock held by this process on an open file; released by destruction or by the process's death.
class FileLock {
 public:
  virtual ~FileLock() = default;
  /// Whether the path still names the file that is locked (the inode is compared): false after somebody replaced it.
  virtual bool still_ours() const = 0;
};

/// The end of a file; `offset` is where `bytes` begin in it, so `offset + bytes.size()` was its size.
struct FileTail {
  std::uint64_t offset = 0;
  std::string bytes;
};

/// A file that only grows. Not thread-safe: one writer.
class AppendFile {
 public:
  virtual ~AppendFile() = default;
  /// Appends all of `bytes` and makes them durable (fdatasync) before it returns. After an error nothing more may be
  /// appended by this handle: an fsync that failed once is never retried as if it could succeed.
  virtual Result<> append(std::string_view bytes) = 0;
  virtual std::uint64_t size() const = 0;
  /// Cuts a torn tail off; durable on return.
  virtual Result<> truncate(std::uint64_t size) = 0;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  /// Whole file. `limit`: more bytes than this are ErrorCode::invalid_input.
  virtual Result<std::string> read(const Path& path, std::uint64_t limit = 1ULL << 30) = 0;
  /// The last `size` bytes, or all where there are fewer. Reads no more than that where the system can.
  virtual Result<FileTail> read_tail(const Path& path, std::uint64_t size) {
    auto whole = read(path);
    if (!whole) return std::move(whole).error();
    const std::uint64_t offset = whole->size() > size ? whole->size() - size : 0;
    return FileTail{offset, whole->substr(offset)};
  }
  /// Whole file into locked memory; for private keys. Refuses what is not a regular file.
  virtual Result<SecretBuffer> read_secret(const Path& path, std::uint64_t limit = 1ULL << 20) = 0;
  /// `relative` beneath `root`, with no symbolic link leading out (openat2 RESOLVE_BENEATH). Error: untrusted.
  virtual Result<std::string> read_beneath(const Path& root, const Path& relative,
                                           std::uint64_t limit = 64ULL << 20) = 0;

  /// Atomic and durable: temporary file in the same folder (O_NOFOLLOW|O_EXCL, mode), fsync, rename, fsync of the
  /// folder.
  virtual Result<> replace(const Path& path, std::string_view bytes, unsigned mode = 0600) = 0;
  /// The same for a symbolic link: from one moment to the next it leads to `target`, which stands there as it is.
  virtual Result<> replace_link(const Path& path, const Path& /*target*/) {
    return Error(ErrorCode::io, "links cannot be made here: " + path.string());
  }
  virtual Result<> create_directories(const Path& path) = 0;
  /// A file, a link, or an empty folder; not_found is an error.
  virtual Result<> remove(const Path& path) = 0;
  /// The same of `relative` beneath `root`, where others may write: a symbolic link on the way from `root` is not
  /// followed, and one at the end is what goes. Error: untrusted: there is something else than a folder on the way.
  virtual Result<> remove_beneath(const Path& root, const Path& relative) {
    return Error(ErrorCode::io, "nothing can be removed here: " + (root / relative).string());
  }
  virtual Result<bool> exists(const Path& path) = 0;
  /// Names (not paths) in a folder, sorted by bytes.
  virtual Result<std::vector<std::string>> list(const Path& folder) = 0;
  /// Whether `read_secret` would find something that it may read, told by the file's place and rights alone: it is not
  /// opened. Says yes where only opening would tell. Errors: not_found, denied, io; invalid_input: it is empty.
  virtual Result<> check_readable(const Path& path) {
    auto found = exists(path);
    if (!found) return std::move(found).error();
    if (!*found) return Error(ErrorCode::not_found, "there is no " + path.string());
    return {};
  }
  /// Whether a file could be made in this folder, told by its place and rights alone: nothing is written. Says yes
  /// where only writing would tell. Errors: not_found, denied, io (no folder, a file system that is read-only).
  virtual Result<> check_writable(const Path& folder) {
    auto found = exists(folder);
    if (!found) return std::move(found).error();
    if (!*found) return Error(ErrorCode::not_found, "there is no " + folder.string());
    return {};
  }
  /// Where a symbolic link points, one step; not_found, or invalid_input when it is no link.
  virtual Result<Path> read_link(const Path& path) = 0;
  virtual Result<Instant> modified(const Path& path) = 0;
  /// That a file is the user's or root's own, and writable by nobody else. Error: untrusted, saying which chmod mends
  /// it.
  virtual Result<> check_private(const Path& path) = 0;

  /// Who else may read the key in this file, or put another in its place, by the rights of the file and of the folders
  /// on the way to it; the file need not be there. Where that cannot be told, nothing is.
  virtual KeyExposures key_exposures(const Path& /*file*/) { return {}; }

  /// Exclusive lock without waiting; lock_held when another process has it. Creates the file (0600), never unlinks it.
  virtual Result<std::unique_ptr<FileLock>> lock(const Path& path) = 0;
  virtual Result<std::unique_ptr<AppendFile>> open_append(const Path& path, unsigned mode = 0600) = 0;
};

}  // namespace trunkform
