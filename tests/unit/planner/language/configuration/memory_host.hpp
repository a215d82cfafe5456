#pragma once
// Files in memory, for tests.
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

 private:
  std::map<std::string, std::string> m_digests;
};

}  // namespace trunkform::test
