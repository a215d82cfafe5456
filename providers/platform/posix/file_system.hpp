#pragma once
// FileSystem over system calls. `replace` follows no link: where the path is a symbolic link, the link is replaced.
// Paths with a NUL byte are refused (invalid_input). Thread-safe. `calls` is borrowed and must outlive it and the
// handles that it gave out.
#include "providers/platform/posix/system_calls.hpp"
#include "schemas/ports/file_system.hpp"

namespace trunkform::platform {

class PosixFileSystem final : public FileSystem {
 public:
  PosixFileSystem() : m_calls(posix_system_calls()) {}
  explicit PosixFileSystem(SystemCalls& calls) : m_calls(calls) {}

  Result<std::string> read(const Path& path, std::uint64_t limit) override;
  Result<FileTail> read_tail(const Path& path, std::uint64_t size) override;
  Result<SecretBuffer> read_secret(const Path& path, std::uint64_t limit) override;
  Result<std::string> read_beneath(const Path& root, const Path& relative, std::uint64_t limit) override;
  Result<> replace(const Path& path, std::string_view bytes, unsigned mode) override;
  Result<> replace_link(const Path& path, const Path& target) override;
  Result<> create_directories(const Path& path) override;
  Result<> remove(const Path& path) override;
  Result<> remove_beneath(const Path& root, const Path& relative) override;
  Result<bool> exists(const Path& path) override;
  Result<std::vector<std::string>> list(const Path& folder) override;
  Result<> check_readable(const Path& path) override;
  Result<> check_writable(const Path& folder) override;
  Result<Path> read_link(const Path& path) override;
  Result<Instant> modified(const Path& path) override;
  /// Also its folder, where that is not sticky: who may write there may replace the file.
  Result<> check_private(const Path& path) override;
  KeyExposures key_exposures(const Path& file) override;
  Result<std::unique_ptr<FileLock>> lock(const Path& path) override;
  Result<std::unique_ptr<AppendFile>> open_append(const Path& path, unsigned mode) override;

 private:
  SystemCalls& m_calls;
};

}  // namespace trunkform::platform
