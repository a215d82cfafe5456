#pragma once
// Keeps the request rate below the service's limit: in any sixty seconds at most `per_minute` requests begin. A sliding
// window instead of a steady drip, so that a small run never waits (docs/decisions/0132). Thread-safe, and pure: the
// caller says what time it is and does the waiting.
#include <deque>
#include <mutex>

#include "schemas/model/time.hpp"

namespace trunkform::cloud {

class Pacer {
 public:
  /// `per_minute` below 1 counts as 1.
  explicit Pacer(int per_minute);
  /// Takes the next slot. How long from `now` (on a monotonic clock) until it may be used.
  Duration reserve(Duration now);
  /// The service asked everybody to wait: no slot is given before `now + wait`.
  void hold(Duration now, Duration wait);
  /// What is left of the longest hold; for those who had their slot before it began.
  Duration held(Duration now) const;

 private:
  mutable std::mutex m_mutex;
  std::size_t m_limit;
  std::deque<Duration> m_slots;  ///< the last `m_limit` of them, ascending
  Duration m_held_until{};
};

}  // namespace trunkform::cloud
