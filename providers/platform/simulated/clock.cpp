#include "providers/platform/simulated/clock.hpp"

#include <algorithm>

namespace trunkform::platform {

SimulatedClock::SimulatedClock(Instant start) : m_start(start) {}

Instant SimulatedClock::now() const {
  const std::scoped_lock lock(m_mutex);
  return m_start + m_elapsed + m_adjustment;
}

Duration SimulatedClock::monotonic() const {
  const std::scoped_lock lock(m_mutex);
  return m_elapsed;
}

Result<> SimulatedClock::sleep(const Context& context, Duration duration) {
  if (context.stop.stop_requested()) return Error(ErrorCode::cancelled, "stopped while waiting");
  const std::scoped_lock lock(m_mutex);
  const auto length = std::max(duration, Duration(0));
  m_sleeps.push_back(length);
  m_elapsed += length;
  return {};
}

void SimulatedClock::advance(Duration duration) {
  const std::scoped_lock lock(m_mutex);
  m_elapsed += std::max(duration, Duration(0));
}

void SimulatedClock::adjust_wall(Duration difference) {
  const std::scoped_lock lock(m_mutex);
  m_adjustment += difference;
}

std::vector<Duration> SimulatedClock::sleeps() const {
  const std::scoped_lock lock(m_mutex);
  return m_sleeps;
}

}  // namespace trunkform::platform
