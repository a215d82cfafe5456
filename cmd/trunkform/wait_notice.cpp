#include "cmd/trunkform/wait_notice.hpp"

#include <memory>

#include <fmt/format.h>

#include "cmd/trunkform/log.hpp"
#include "cmd/trunkform/views/text_style.hpp"

namespace trunkform::cli {

void WaitNotice::tell(const std::string& what, Instant until) {
  static constexpr Duration k_between_lines = std::chrono::seconds(30);
  {
    const std::scoped_lock guard(m_mutex);
    const auto now = m_clock.monotonic();
    if (m_told && now - *m_told < k_between_lines) return;
    m_told = now;
  }
  // Outside the mutex: a pipe that nobody reads must not hold up those who would not write anyway.
  m_streams.tell(m_before_each + fmt::format("Waiting for {}; until {} at the latest.\n", views::escape_foreign(what),
                                             to_rfc3339(std::chrono::ceil<std::chrono::seconds>(until))));
}

std::function<void(const Error& why, Duration wait, Duration at_most)> tells_of_tries(const World& world) {
  if (!world.tell_wait) return {};
  return [tell = world.tell_wait, &clock = world.clock](const Error& why, Duration wait, Duration at_most) {
    if (wait >= k_silent_wait)
      tell(fmt::format("another try in {}, because {}", to_words(wait), why.summary), clock.now() + at_most);
  };
}

WaitTellingHttpClient::~WaitTellingHttpClient() {
  {
    const std::scoped_lock guard(m_mutex);
    m_closing = true;
  }
  m_changed.notify_all();
}

tl::expected<HttpResponse, HttpFailure> WaitTellingHttpClient::send(const Context& context,
                                                                    const HttpRequest& request) {
  std::list<Open>::iterator open;
  {
    const std::scoped_lock guard(m_mutex);
    open = m_open.insert(m_open.end(), {&request, std::chrono::steady_clock::now(), m_clock.now() + request.timeout});
    if (!m_watch.joinable()) m_watch = std::jthread([this] { watch(); });
  }
  // Also where the client throws.
  const auto close = [&](const HttpRequest*) {
    const std::scoped_lock guard(m_mutex);
    m_open.erase(open);
  };
  const std::unique_ptr<const HttpRequest, decltype(close)> closing(&request, close);
  return m_client.send(context, request);
}

/// By the machine's own time, whatever the clock of the program says: this is about people who wait.
void WaitTellingHttpClient::watch() {
  std::unique_lock lock(m_mutex);
  while (!m_closing) {
    m_changed.wait_for(lock, k_silent_wait / 4);
    // The oldest is first, and one line speaks for all.
    if (m_open.empty() || std::chrono::steady_clock::now() - m_open.front().since < k_silent_wait) continue;
    const auto until = m_open.front().until;
    const auto what =
        fmt::format("an answer from {} ({})", shown_url(*m_open.front().request), m_open.front().request->method);
    // Every request begins and ends under this mutex: none waits for the error stream.
    lock.unlock();
    m_notice.tell(what, until);
    lock.lock();
  }
}

}  // namespace trunkform::cli
