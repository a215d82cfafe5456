#include "providers/cloud/patience.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

namespace trunkform::cloud {
namespace {

constexpr Duration k_least_asked = std::chrono::seconds(1);

}  // namespace

bool is_transient(ErrorCode code, int torn_before) {
  return code == ErrorCode::unavailable || code == ErrorCode::timeout ||
         (code == ErrorCode::protocol && torn_before == 0);
}

Patience::Patience(Clock& clock, Random& random, RetryAllowance& allowance, Duration budget,
                   std::function<void(const Error&, Duration, Duration)> on_wait, int most_timed)
    : m_clock(clock),
      m_random(random),
      m_allowance(allowance),
      m_budget(budget),
      m_begun(clock.monotonic()),
      m_on_wait(std::move(on_wait)),
      m_most_timed(most_timed) {}

Error Patience::give_up(Error last, std::optional<Duration> asked) const {
  if (m_tries > 1)
    last.detail += fmt::format("{}tried {} times in {}", last.detail.empty() ? "" : "; ", m_tries,
                               to_words(m_clock.monotonic() - m_begun));
  if (asked) last.retry_after = asked;
  return last;
}

Result<> Patience::before_next(const Context& context, Error last, std::optional<Duration> asked) {
  if (context.stop.stop_requested()) return Error(ErrorCode::cancelled, "stopped").because(std::move(last));
  Duration wait{};
  // Who asks for no pause gets the one that we would take ourselves, and as many tries.
  if (asked && *asked >= k_least_asked) {
    if (++m_timed > m_most_timed) return give_up(std::move(last), asked);
    // A little more than was asked, each caller differently, so that they do not all come at the same moment.
    wait = *asked + Duration(static_cast<Duration::rep>(m_random.below(250)));
  } else if (last.code == ErrorCode::throttled) {
    // A service that is asked too fast has done nothing and is well: a thousand secrets take as long as its rate says,
    // and not a tenth of them may be asked for again, but each until the budget ends. AWS names no time.
    m_unasked = std::min(m_unasked + 1, m_backoff.attempts);
    wait = m_backoff.wait(m_unasked, m_random);
  } else {
    if (m_unasked >= m_backoff.attempts || !m_allowance.take()) return give_up(std::move(last), asked);
    wait = m_backoff.wait(++m_unasked, m_random);
  }
  if (m_clock.monotonic() - m_begun + wait > m_budget) return give_up(std::move(last), asked);
  if (context.deadline && m_clock.now() + wait > *context.deadline)
    return Error(ErrorCode::timeout, "the deadline is too near for another try")
        .because(give_up(std::move(last), asked));
  ++m_tries;
  if (m_on_wait) m_on_wait(last, wait, m_budget - (m_clock.monotonic() - m_begun));
  return m_clock.sleep(context, wait);
}

}  // namespace trunkform::cloud
