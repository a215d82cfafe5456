#pragma once
// The production PosixFileSystem over a SimulatedKernel: the algorithms are the real ones, the disk is not.
#include "providers/platform/posix/file_system.hpp"
#include "providers/platform/simulated/kernel.hpp"

namespace trunkform::platform {

class SimulatedFileSystem final : public FileSystem {
 public:
  SimulatedKernel& kernel() { return m_kernel; }

  Result<std::string> read(const Path& path, std::uint64_t limit) override { return m_files.read(path, limit); }
  Result<FileTail> read_tail(const Path& path, std::uint64_t size) override { return m_files.read_tail(path, size); }
  Result<SecretBuffer> read_secret(const Path& path, std::uint64_t limit) override {
    return m_files.read_secret(path, limit);
  }
  Result<std::string> read_beneath(const Path& root, const Path& relative, std::uint64_t limit) override {
    return m_files.read_beneath(root, relative, limit);
  }
  Result<> replace(const Path& path, std::string_view bytes, unsigned mode) override {
    return m_files.replace(path, bytes, mode);
  }
  Result<> replace_link(const Path& path, const Path& target) override { return m_files.replace_link(path, target); }
  Result<> create_directories(const Path& path) override { return m_files.create_directories(path); }
  Result<> remove(const Path& path) override { return m_files.remove(path); }
  Result<> remove_beneath(const Path& root, const Path& relative) override {
    return m_files.remove_beneath(root, relative);
  }
  Result<bool> exists(const Path& path) override { return m_files.exists(path); }
  Result<std::vector<std::string>> list(const Path& folder) override { return m_files.list(folder); }
  Result<> check_readable(const Path& path) override { return m_files.check_readable(path); }
  KeyExposures key_exposures(const Path& file) override { return m_files.key_exposures(file); }
  Result<> check_writable(const Path& folder) override { return m_files.check_writable(folder); }
  Result<Path> read_link(const Path& path) override { return m_files.read_link(path); }
  Result<Instant> modified(const Path& path) override { return m_files.modified(path); }
  Result<> check_private(const Path& path) override { return m_files.check_private(path); }
  Result<std::unique_ptr<FileLock>> lock(const Path& path) override { return m_files.lock(path); }
  Result<std::unique_ptr<AppendFile>> open_append(const Path& path, unsigned mode) override {
    return m_files.open_append(path, mode);
  }

 private:
  SimulatedKernel m_kernel;
  PosixFileSystem m_files{m_kernel};
};

}  // namespace trunkform::platform
