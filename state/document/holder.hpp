#pragma once
// Who holds a lock, in words. Pure; thread-safe.
#include <string>

#include "schemas/ports/lock.hpp"

namespace trunkform::state {

/// `ops@host (pid 7) holds it since … for `apply` (lock id …)`.
std::string describe_holder(const LockInfo& info);

/// `ops@host`: the process is no actor of what is recorded.
std::string without_process(const std::string& who);

}  // namespace trunkform::state
