#pragma once
// Taking the state's lock with `-lock-timeout`, and giving it back whatever happens.
#include <functional>
#include <string>

#include "schemas/model/run.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/lock.hpp"
#include "schemas/ports/random.hpp"

namespace trunkform::engine {

struct LockRequest {
  std::string operation;  ///< `apply`
  std::string reason;     ///< `-reason`
  std::string path;       ///< what is locked, for people
  Duration timeout{};     ///< 0: one try
  /// Told once, when the wait has become one that people notice: who holds it, and until when it is waited for.
  std::function<void(const std::string& holder, Instant until)> on_wait{};
};

/// Releases on destruction; `release` first where its error matters.
class HeldLock {
 public:
  HeldLock(Lock& lock, Lease lease) : m_lock(&lock), m_lease(std::move(lease)) {}
  HeldLock(HeldLock&& other) noexcept;
  HeldLock& operator=(HeldLock&&) = delete;
  HeldLock(const HeldLock&) = delete;
  ~HeldLock();
  Result<> release();
  const Fence& fence() const { return m_lease.fence; }
  std::stop_token lost() const { return m_lease.lost; }

 private:
  Lock* m_lock;
  Lease m_lease;
};

/// `ops@host (pid 12) runs `apply` since …`, and what for.
std::string who_runs(const LockInfo& run);

/// Tries at once, then after 1, 2, 4, 8, 16, 16 … seconds until the timeout. Error: lock_held, naming the holder.
Result<HeldLock> take_lock(const Context& context, Lock& lock, Clock& clock, Random& random, const Actor& actor,
                           const LockRequest& request);

}  // namespace trunkform::engine
