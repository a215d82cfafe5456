#pragma once
// The process's own environment. A secret that was taken is overwritten where the kernel shows it (/proc/PID/environ)
// and where children would inherit it. Thread-safe among its own calls; nothing in trunkform calls setenv.
#include <map>
#include <mutex>

#include "schemas/ports/process_environment.hpp"

namespace trunkform::platform {

class PosixProcessEnvironment final : public ProcessEnvironment {
 public:
  /// None also for a secret that was taken.
  std::optional<std::string> variable(const std::string& name) const override;
  std::optional<SecretBuffer> take_secret(const std::string& name) override;
  std::vector<std::string> names_with_prefix(const std::string& prefix) const override;
  Actor actor() const override;

 private:
  mutable std::mutex m_mutex;
  std::map<std::string, SecretBuffer> m_taken;
};

}  // namespace trunkform::platform
