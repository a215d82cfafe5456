#pragma once
// What expressions may read of the world: files beneath the configuration's folder. Remembers what was read.
#include <map>
#include <string>

#include "schemas/model/result.hpp"

namespace trunkform {

class FunctionHost {
 public:
  virtual ~FunctionHost() = default;
  /// Bytes of a file beneath the configuration's folder. Errors: not_found, untrusted (leads outside), io.
  virtual Result<std::string> read_file(const std::string& path) = 0;
  virtual Result<bool> file_exists(const std::string& path) = 0;
  /// Name → SHA-256 hex of everything read so far; enters the plan.
  virtual std::map<std::string, std::string> digests() const = 0;
  /// The absolute path without links, as far as it is there: two texts that mean one place become one. For comparing;
  /// it does not enter the plan.
  virtual std::string real_path(const std::string& path) const { return path; }
  /// `path.module`, `path.root`, `path.cwd`
  virtual std::string root() const = 0;
};

}  // namespace trunkform
