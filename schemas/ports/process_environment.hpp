#pragma once
// The operator's environment: variables, user, host. Secrets are wiped in place after reading. Thread-safe.
#include <optional>
#include <string>
#include <vector>

#include "schemas/model/run.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform {

class ProcessEnvironment {
 public:
  virtual ~ProcessEnvironment() = default;
  virtual std::optional<std::string> variable(const std::string& name) const = 0;
  /// Reads a secret variable into locked memory and overwrites it where the kernel keeps it (environ). Kept for later
  /// calls of the same name.
  virtual std::optional<SecretBuffer> take_secret(const std::string& name) = 0;
  virtual std::vector<std::string> names_with_prefix(const std::string& prefix) const = 0;
  virtual Actor actor() const = 0;
};

}  // namespace trunkform
