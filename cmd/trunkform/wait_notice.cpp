#include "cmd/trunkform/wait_notice.hpp"

#include <condition_variable>
#include <ostream>
#include <thread>

#include <fmt/format.h>

#include "cmd/trunkform/log.hpp"
#include "cmd/trunkform/views/text_style.hpp"

namespace trunkform::cli {

void WaitNotice::tell(const std::string& what, Instant until) {
  static constexpr Duration k_between_lines = std::chrono::seconds(30);
  const std::scoped_lock guard(m_mutex);
  const auto now = m_clock.monotonic();
  if (m_told && now - *m_told < k_between_lines) return;
  m_told = now;
  m_err << fmt::format("Waiting for {}; until {} at the latest.\n", views::escape_foreign(what),
                       to_rfc3339(std::chrono::ceil<std::chrono::seconds>(until)))
        << std::flush;
}

tl::expected<HttpResponse, HttpFailure> WaitTellingHttpClient::send(const Context& context,
                                                                    const HttpRequest& request) {
  const auto until = m_clock.now() + request.timeout;
  std::mutex mutex;
  std::condition_variable_any ended;
  // Ends with the exchange: the stop is requested on the way out of this function.
  const std::jthread watch([&](const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    ended.wait_for(lock, stop, k_silent_wait, [] { return false; });
    if (!stop.stop_requested())
      m_notice.tell(fmt::format("an answer from {} ({})", shown_url(request), request.method), until);
  });
  return m_client.send(context, request);
}

}  // namespace trunkform::cli
