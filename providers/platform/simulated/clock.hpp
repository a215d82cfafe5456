#pragma once
// A clock that only moves when somebody sleeps or a test says so. Thread-safe.
#include <mutex>
#include <vector>

#include "schemas/ports/clock.hpp"

namespace trunkform::platform {

class SimulatedClock final : public Clock {
 public:
  explicit SimulatedClock(Instant start);

  Instant now() const override;
  Duration monotonic() const override;
  /// Advances time at once. A stop that is already requested advances nothing and is `cancelled`.
  Result<> sleep(const Context& context, Duration duration) override;

  void advance(Duration duration);
  /// Moves the wall clock alone, as a correction of the system's time does.
  void adjust_wall(Duration difference);
  /// All sleeps so far, in order; zero-length ones included.
  std::vector<Duration> sleeps() const;

 private:
  mutable std::mutex m_mutex;
  Instant m_start;
  Duration m_elapsed{};
  Duration m_adjustment{};
  std::vector<Duration> m_sleeps;
};

}  // namespace trunkform::platform
