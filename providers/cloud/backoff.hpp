#pragma once
// How long to wait before a repetition that nobody told the time of, and when to stop repeating. Full jitter ("sleep =
// random between 0 and min(cap, base · 2^n)"), so that clients which failed together do not come back together.
#include <atomic>
#include <cstdint>

#include "schemas/model/time.hpp"
#include "schemas/ports/random.hpp"

namespace trunkform::cloud {

struct Backoff {
  Duration base = std::chrono::seconds(1);
  Duration cap = std::chrono::seconds(30);
  int attempts = 6;  ///< repetitions of one call at the most, those that the service itself timed not counted

  /// The largest wait before repetition `attempt` (from 1).
  Duration ceiling(int attempt) const;
  /// Uniform in [0, ceiling].
  Duration wait(int attempt, Random& random) const;
};

/// Keeps repetitions at a tenth of all requests, or at three where that is more: when everything fails, repeating
/// everything makes it worse. Those that the service itself timed do not count. Thread-safe.
class RetryAllowance {
 public:
  explicit RetryAllowance(std::uint64_t least = 3) : m_least(least) {}
  void count_request() { ++m_requests; }
  /// Whether one more repetition is allowed; counts it where it is.
  bool take();
  std::uint64_t requests() const { return m_requests; }

 private:
  std::uint64_t m_least;
  std::atomic<std::uint64_t> m_requests{0};
  std::atomic<std::uint64_t> m_taken{0};
};

}  // namespace trunkform::cloud
