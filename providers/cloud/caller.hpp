#pragma once
// Calls with the repetitions that help: for what was lost on the way, and for what the service says will pass. A write
// is repeated only where it certainly was not carried out. Thread-safe.
#include <functional>
#include <memory>
#include <optional>

#include "providers/cloud/backoff.hpp"
#include "providers/cloud/clock_difference.hpp"
#include "providers/cloud/patience.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/http_client.hpp"
#include "schemas/ports/random.hpp"

namespace trunkform::cloud {

struct CallerOptions {
  Duration retry_budget = std::chrono::minutes(2);  ///< per call, waiting included
  /// Repetitions of one call at the most that the service itself timed: a second each time is soon said.
  int most_timed = Patience::k_unbounded;
  /// Before each wait for another try: why, how long, and how long tries go on at the most. Any thread. Null: untold.
  std::function<void(const Error& why, Duration wait, Duration at_most)> on_wait{};
};

/// What an answer that was not hoped for means.
struct Refusal {
  Error error;
  bool passes = false;         ///< the same request may succeed later: throttled, sealed, not consistent yet
  bool may_have_done = false;  ///< the service, or what stands before it, failed while it worked on the request
};

/// `freely`: reads, logins, and writes that do nothing the second time. `refused_only`: a request that may have been
/// carried out is not sent again; one that certainly was not (throttled, no connection) is.
enum class Repeat { freely, refused_only };

/// Of one change, over all that is sent for it: whether the service may have carried it out. A later try that is
/// refused (a token that ended, a limit) says nothing of an earlier one whose answer was lost.
struct Change {
  bool may_be_done = false;
  /// What comes of it: outcome_unknown because of `why`, where it may be done; else `why`, and nothing was changed.
  Error told(Error why) const;
};

class Caller {
 public:
  /// The ports are borrowed.
  Caller(CallerOptions options, HttpClient& http, Clock& clock, Random& random);

  /// Made anew for each try: tokens end, signatures have a time. What the request borrows must outlive the try.
  using Prepare = std::function<Result<HttpRequest>()>;
  /// None: the answer is what was asked for.
  using Judge = std::function<std::optional<Refusal>(const HttpResponse&)>;

  /// An answer that `judge` does not refuse. Errors: the refusal's, with how often it was tried; unavailable, timeout,
  /// cancelled, protocol, denied (TLS) where none came; and `prepare`'s. With `refused_only`: outcome_unknown, its
  /// cause what happened, where the request may have been carried out; the caller has to look.
  /// `change`: noted there; an answer that `judge` takes is for the caller to count.
  Result<HttpResponse> call(const Context& context, const Prepare& prepare, const Judge& judge,
                            Repeat repeat = Repeat::freely, Change* change = nullptr);

  Clock& clock() { return m_clock; }
  std::uint64_t requests() const { return m_allowance.requests(); }
  std::optional<Duration> clock_difference() const { return m_clock_difference.value(); }

 private:
  CallerOptions m_options;
  HttpClient& m_http;
  Clock& m_clock;
  Random& m_random;
  RetryAllowance m_allowance;
  ClockDifference m_clock_difference;
};

}  // namespace trunkform::cloud
