#pragma once
// A command that waits says so: one line on the error stream, what is waited for and until when, and no second one soon
// after. Thread-safe.
#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "cmd/trunkform/world.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/http_client.hpp"

namespace trunkform::cli {

/// Shorter waits are nobody's business.
inline constexpr Duration k_silent_wait = std::chrono::seconds(2);

class WaitNotice {
 public:
  /// Borrowed, the streams too. `before_each`: takes away what stands on the line, where that may be a live view's.
  WaitNotice(const Streams& streams, const Clock& clock, std::string before_each = {})
      : m_streams(streams), m_clock(clock), m_before_each(std::move(before_each)) {}
  /// `what`: "the lock of …"; `until`: when it is given up at the latest. Blocks as long as the error stream takes no
  /// line; who is told too soon after another returns at once.
  void tell(const std::string& what, Instant until);

 private:
  const Streams& m_streams;
  const Clock& m_clock;
  const std::string m_before_each;
  std::mutex m_mutex;
  std::optional<Duration> m_told;  ///< when, by the clock that only goes forward
};

/// For adapters that repeat: tells why another try is waited for. Null where nobody is told; outlives `world` no more
/// than its parts do.
std::function<void(const Error& why, Duration wait, Duration at_most)> tells_of_tries(const World& world);

/// Tells of a request that has had no answer for a while; one thread looks after all of them.
class WaitTellingHttpClient final : public HttpClient {
 public:
  /// All are borrowed.
  WaitTellingHttpClient(HttpClient& client, const Clock& clock, WaitNotice& notice)
      : m_client(client), m_clock(clock), m_notice(notice) {}
  ~WaitTellingHttpClient() override;
  WaitTellingHttpClient(const WaitTellingHttpClient&) = delete;
  WaitTellingHttpClient& operator=(const WaitTellingHttpClient&) = delete;
  tl::expected<HttpResponse, HttpFailure> send(const Context& context, const HttpRequest& request) override;

 private:
  struct Open {
    const HttpRequest* request = nullptr;
    std::chrono::steady_clock::time_point since{};
    Instant until{};
  };

  HttpClient& m_client;
  const Clock& m_clock;
  WaitNotice& m_notice;
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::list<Open> m_open;  ///< in the order of their beginning
  bool m_closing = false;
  std::jthread m_watch;  ///< from the first request on; the last member, so that it ends before what it looks at

  void watch();
};

}  // namespace trunkform::cli
