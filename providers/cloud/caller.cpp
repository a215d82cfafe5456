#include "providers/cloud/caller.hpp"

#include "providers/cloud/echo.hpp"
#include "providers/cloud/patience.hpp"
#include "providers/cloud/retry_after.hpp"

namespace trunkform::cloud {

namespace {

Error unknown_outcome(Error why) {
  return Error(ErrorCode::outcome_unknown, "whether the request was carried out is not known").because(std::move(why));
}

}  // namespace

Error Change::told(Error why) const {
  if (!may_be_done || why.code == ErrorCode::outcome_unknown) return why;
  return unknown_outcome(std::move(why));
}

Caller::Caller(CallerOptions options, HttpClient& http, Clock& clock, Random& random)
    : m_options(std::move(options)), m_http(http), m_clock(clock), m_random(random) {}

Result<HttpResponse> Caller::call(const Context& context, const Prepare& prepare, const Judge& judge, Repeat repeat,
                                  Change* change) {
  Patience patience(m_clock, m_random, m_allowance, m_options.retry_budget, m_options.on_wait, m_options.most_timed);
  int torn = 0;
  for (;;) {
    const auto request = TRY(prepare());
    m_allowance.count_request();
    auto answer = m_http.send(context, request);
    if (!answer) {
      auto error = std::move(answer.error().error);
      if (change != nullptr && answer.error().reached == Reached::maybe) change->may_be_done = true;
      if (repeat == Repeat::refused_only && answer.error().reached == Reached::maybe)
        return unknown_outcome(std::move(error));
      if (!is_transient(error.code, torn)) return error;
      if (error.code == ErrorCode::protocol) ++torn;
      TRY(patience.before_next(context, std::move(error)));
      continue;
    }
    m_clock_difference.note(*answer, m_clock.now());
    blank_echo(*answer, request);
    auto refusal = judge(*answer);
    if (!refusal) return std::move(*answer);
    if (change != nullptr && refusal->may_have_done) change->may_be_done = true;
    if (repeat == Repeat::refused_only && refusal->may_have_done) return unknown_outcome(std::move(refusal->error));
    if (!refusal->passes) return std::move(refusal->error);
    TRY(patience.before_next(context, std::move(refusal->error), retry_after_of(*answer, m_clock.now())));
  }
}

}  // namespace trunkform::cloud
