#include "providers/genesys/session.hpp"

namespace trunkform::genesys {

Session::Session(Options options, HttpClient& http, Clock& clock, Random& random)
    : m_options(std::move(options)),
      m_http(http),
      m_clock(clock),
      m_random(random),
      m_pacer(m_options.requests_per_minute) {}

Result<> Session::wait_for_turn(const Context& context) {
  const bool service_asked = m_pacer.held(m_clock.monotonic()) > Duration(0);
  auto wait = m_pacer.reserve(m_clock.monotonic());
  if (wait > Duration(0) && !service_asked && m_options.on_pace) m_options.on_pace(wait);
  while (wait > Duration(0)) {
    if (context.deadline && m_clock.now() + wait > *context.deadline)
      return Error(ErrorCode::timeout,
                   "the deadline is too near: requests_per_minute allows the next request only in " + to_words(wait));
    TRY(m_clock.sleep(context, wait));
    wait = m_pacer.held(m_clock.monotonic());
  }
  return {};
}

tl::expected<HttpResponse, HttpFailure> Session::send(const Context& context, const HttpRequest& request) {
  if (auto turn = wait_for_turn(context); !turn)
    return tl::unexpected(HttpFailure{std::move(turn.error()), Reached::no});
  m_allowance.count_request();
  auto answer = m_http.send(context, request);
  if (answer) m_clock_difference.note(*answer, m_clock.now());
  return answer;
}

}  // namespace trunkform::genesys
