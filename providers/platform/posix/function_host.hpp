#pragma once
// FunctionHost over a FileSystem, beneath one folder. Thread-safe.
#include <mutex>

#include "schemas/ports/file_system.hpp"
#include "schemas/ports/function_host.hpp"

namespace trunkform::platform {

class FolderFunctionHost final : public FunctionHost {
 public:
  /// `root`: the configuration's folder, `.` or absolute. Relative names are taken from it, absolute ones (as
  /// `${path.module}/x` gives) must lie beneath it. `files` is borrowed.
  FolderFunctionHost(FileSystem& files, Path root);

  Result<std::string> read_file(const std::string& path) override;
  /// A name that leads outside is untrusted here too: existence is information.
  Result<bool> file_exists(const std::string& path) override;
  std::map<std::string, std::string> digests() const override;
  std::string real_path(const std::string& path) const override;
  std::string root() const override { return m_root.string(); }

 private:
  Result<Path> relative(const std::string& path) const;

  FileSystem& m_files;
  Path m_root;
  mutable std::mutex m_mutex;
  std::map<std::string, std::string> m_digests;
};

}  // namespace trunkform::platform
