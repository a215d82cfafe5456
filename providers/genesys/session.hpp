#pragma once
// What all calls of one client share: the ports, the pace, the counters, the service's clock. Thread-safe.
#include <optional>

#include "providers/cloud/backoff.hpp"
#include "providers/cloud/clock_difference.hpp"
#include "providers/cloud/pacer.hpp"
#include "providers/cloud/patience.hpp"
#include "providers/genesys/options.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/http_client.hpp"
#include "schemas/ports/random.hpp"

namespace trunkform::genesys {

class Session {
 public:
  /// The ports are borrowed.
  Session(Options options, HttpClient& http, Clock& clock, Random& random);

  const Options& options() const { return m_options; }
  Clock& clock() { return m_clock; }
  cloud::Patience patience() { return {m_clock, m_random, m_allowance, m_options.retry_budget, m_options.on_wait}; }
  /// The service wants nothing from anybody for this long.
  void hold(Duration wait) { m_pacer.hold(m_clock.monotonic(), wait); }

  /// Waits for its turn, counts, sends, and notes the answer's Date.
  tl::expected<HttpResponse, HttpFailure> send(const Context& context, const HttpRequest& request);

  std::uint64_t requests() const { return m_allowance.requests(); }
  std::optional<Duration> clock_difference() const { return m_clock_difference.value(); }

 private:
  Result<> wait_for_turn(const Context& context);

  Options m_options;
  HttpClient& m_http;
  Clock& m_clock;
  Random& m_random;
  cloud::Pacer m_pacer;
  cloud::RetryAllowance m_allowance;
  cloud::ClockDifference m_clock_difference;
};

}  // namespace trunkform::genesys
