#pragma once
// Files in memory, for tests.
#include <filesystem>
#include <map>
#include <string>

#include "schemas/ports/function_host.hpp"

namespace trunkform::test {

class MemoryHost final : public FunctionHost {
 public:
  std::map<std::string, std::string> files;
  Result<std::string> read_file(const std::string& path) override {
    const auto found = files.find(path);
    if (found == files.end()) return Error(ErrorCode::not_found, "no file " + path);
    m_digests[path] = "digest of " + path;
    return found->second;
  }
  Result<bool> file_exists(const std::string& path) override { return files.contains(path); }
  std::map<std::string, std::string> digests() const override { return m_digests; }
  std::string root() const override { return "."; }
  /// Links lead from their first to their second, and are the whole of a path.
  std::map<std::string, std::string> links;
  std::string real_path(const std::string& path) const override {
    const auto found = links.find(path);
    const auto real = std::filesystem::path("/here") / (found == links.end() ? path : found->second);
    const auto normal = real.lexically_normal();
    return (normal.has_filename() ? normal : normal.parent_path()).string();
  }

 private:
  std::map<std::string, std::string> m_digests;
};

}  // namespace trunkform::test
