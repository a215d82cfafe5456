#include "cmd/engine/locking.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "schemas/model/version.hpp"

namespace trunkform::engine {

HeldLock::HeldLock(HeldLock&& other) noexcept
    : m_lock(std::exchange(other.m_lock, nullptr)), m_lease(std::move(other.m_lease)) {}

HeldLock::~HeldLock() { (void)release(); }

Result<> HeldLock::release() {
  if (m_lock == nullptr) return {};
  return std::exchange(m_lock, nullptr)->release(Context{}, std::move(m_lease));
}

std::string who_runs(const LockInfo& run) {
  if (run.operation.empty()) return run.who;
  return fmt::format("{} runs `{}` since {}{}", run.who, run.operation,
                     to_rfc3339(std::chrono::floor<std::chrono::seconds>(run.created)),
                     run.info.empty() ? "" : fmt::format(" ({})", run.info));
}

Result<HeldLock> take_lock(const Context& context, Lock& lock, Clock& clock, Random& random, const Actor& actor,
                           const LockRequest& request) {
  LockInfo info;
  info.id = random.uuid();
  info.operation = request.operation;
  info.info = request.reason;
  info.who = fmt::format("{} (pid {})", to_string(actor), actor.process);
  info.version = std::string(version());
  info.created = clock.now();
  info.path = request.path;

  const auto give_up = clock.monotonic() + request.timeout;
  Duration wait = std::chrono::seconds(1);
  bool told = false;
  for (;;) {
    auto lease = lock.acquire(context, info);
    if (lease) return HeldLock(lock, std::move(*lease));
    if (lease.error().code != ErrorCode::lock_held) return lease.error();
    const auto left = give_up - clock.monotonic();
    if (left <= Duration::zero()) {
      auto error = lease.error();
      if (request.timeout > Duration::zero())
        error.detail += fmt::format("{}waited {} for it", error.detail.empty() ? "" : "; ", to_words(request.timeout));
      return error;
    }
    if (!told && wait > std::chrono::seconds(1) && request.on_wait) {
      told = true;
      request.on_wait(lease.error().detail, clock.now() + left);
    }
    TRY(clock.sleep(context, std::min(wait, left)));
    wait = std::min<Duration>(wait * 2, std::chrono::seconds(16));
  }
}

}  // namespace trunkform::engine
