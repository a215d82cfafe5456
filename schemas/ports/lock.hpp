#pragma once
// The lock is for liveness: two people do not get in each other's way. Compare-and-swap on {lineage, serial} and the
// epoch are for safety. Thread-safe.
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "schemas/model/result.hpp"
#include "schemas/ports/context.hpp"

namespace trunkform {

/// Terraform's lock info; all seven fields are always there.
struct LockInfo {
  std::string id;         ///< UUID, made by the one who acquires
  std::string operation;  ///< `apply`
  std::string info;       ///< free text, `-reason`
  std::string who;        ///< user@host (pid N)
  std::string version;    ///< of trunkform
  Instant created{};
  std::string path;         ///< what is locked
  std::uint64_t epoch = 0;  ///< that this holder opened, where the backend keeps it here; 0: none
};

/// What makes a write conditional on still holding the lock.
struct Fence {
  std::string lock_id;
  std::uint64_t epoch = 0;
};

/// Held while it lives. `lost` is requested as soon as the lock is known to be gone: stop before the next write.
struct Lease {
  Fence fence;
  std::stop_token lost;
  std::shared_ptr<void> guard;  ///< the backend's own; its destruction is not a release
};

class Lock {
 public:
  virtual ~Lock() = default;
  /// One try. Error: lock_held, whose detail names the holder. Waiting (`-lock-timeout`) is the engine's.
  virtual Result<Lease> acquire(const Context& context, const LockInfo& info) = 0;
  virtual Result<> release(const Context& context, Lease lease) = 0;
  /// Who holds it now; none when free.
  virtual Result<std::optional<LockInfo>> holder(const Context& context) = 0;
  /// `force-unlock`: only with the right id (conflict otherwise). unsupported where the OS owns the lock and it is
  /// held.
  virtual Result<> break_lock(const Context& context, const std::string& lock_id) = 0;
};

}  // namespace trunkform
