#include "providers/genesys/session.hpp"

#include "providers/cloud/retry_after.hpp"

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
  if (answer) note_date(*answer);
  return answer;
}

void Session::note_date(const HttpResponse& response) {
  const auto* text = response.header("Date");
  if (text == nullptr) return;
  const auto now = m_clock.now();
  const auto theirs = cloud::parse_http_date(*text, now);
  if (!theirs) return;
  const std::scoped_lock lock(m_mutex);
  m_clock_difference = *theirs - now;
}

std::optional<Duration> Session::clock_difference() const {
  const std::scoped_lock lock(m_mutex);
  return m_clock_difference;
}

}  // namespace trunkform::genesys
