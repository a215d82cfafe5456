#pragma once
// The repetitions of one call: how often, how long between, and within which budget. Used by one thread.
#include <functional>
#include <limits>
#include <optional>

#include "providers/cloud/backoff.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/context.hpp"
#include "schemas/ports/random.hpp"

namespace trunkform::cloud {

/// Whether sending again may help at all, where no answer came. Certificate errors never do; an answer that was torn
/// once may be whole the next time.
bool is_transient(ErrorCode code, int torn_before);

class Patience {
 public:
  /// All borrowed. `budget`: from now to the last repetition. `most_timed`: repetitions that the service itself timed.
  Patience(Clock& clock, Random& random, RetryAllowance& allowance, Duration budget,
           std::function<void(const Error&, Duration, Duration)> on_wait = {}, int most_timed = k_unbounded);
  static constexpr int k_unbounded = std::numeric_limits<int>::max();

  /// Waits before the next repetition. `asked`: what the service said; never undercut. Where there is to be no
  /// repetition: `last`, with how often and how long it was tried; or cancelled, or timeout (the context's deadline).
  Result<> before_next(const Context& context, Error last, std::optional<Duration> asked = std::nullopt);

 private:
  Error give_up(Error last, std::optional<Duration> asked) const;

  Clock& m_clock;
  Random& m_random;
  RetryAllowance& m_allowance;
  Duration m_budget;
  Duration m_begun;
  std::function<void(const Error&, Duration, Duration)> m_on_wait;  ///< Options::on_wait
  Backoff m_backoff;
  int m_tries = 1;
  int m_most_timed;
  int m_timed = 0;
  int m_unasked = 0;
};

}  // namespace trunkform::cloud
