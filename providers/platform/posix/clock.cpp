#include "providers/platform/posix/clock.hpp"

#include <condition_variable>
#include <mutex>

namespace trunkform::platform {

Instant SystemClock::now() const { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

Duration SystemClock::monotonic() const {
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

Result<> SystemClock::sleep(const Context& context, Duration duration) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  // A century is enough, and keeps "now + duration" from wrapping.
  const auto until = std::chrono::steady_clock::now() + std::min<Duration>(duration, std::chrono::hours(24 * 36525));
  stopped.wait_until(lock, context.stop, until, [] { return false; });
  if (context.stop.stop_requested()) return Error(ErrorCode::cancelled, "stopped while waiting");
  return {};
}

}  // namespace trunkform::platform
