#include "cmd/trunkform/wait_notice.hpp"

#include <atomic>
#include <condition_variable>
#include <future>
#include <sstream>
#include <thread>

#include <catch2/catch.hpp>

#include "providers/platform/simulated/clock.hpp"

using namespace std::chrono_literals;
using namespace trunkform;

namespace {

/// Takes nothing until it is opened: a pipe whose reader has stopped.
class ShutBuffer final : public std::streambuf {
 public:
  void open() {
    const std::scoped_lock guard(m_mutex);
    m_open = true;
    m_changed.notify_all();
  }
  bool has_writer() const { return m_has_writer; }

 protected:
  std::streamsize xsputn(const char*, std::streamsize count) override {
    std::unique_lock lock(m_mutex);
    m_has_writer = true;
    m_changed.wait(lock, [this] { return m_open; });
    return count;
  }
  int overflow(int character) override { return xsputn(nullptr, 1) == 1 ? character : traits_type::eof(); }

 private:
  std::mutex m_mutex;
  std::condition_variable m_changed;
  bool m_open = false;
  std::atomic<bool> m_has_writer = false;
};

/// Notices a second writer while one is at it.
class CrowdBuffer final : public std::streambuf {
 public:
  bool was_crowded() const { return m_crowded; }

 protected:
  std::streamsize xsputn(const char*, std::streamsize count) override {
    if (m_writers.fetch_add(1) > 0) m_crowded = true;
    std::this_thread::sleep_for(1ms);
    m_writers.fetch_sub(1);
    return count;
  }
  int overflow(int character) override { return xsputn(nullptr, 1) == 1 ? character : traits_type::eof(); }

 private:
  std::atomic<int> m_writers = 0;
  std::atomic<bool> m_crowded = false;
};

/// The path `/slow` is answered when somebody says so, any other at once.
class StubClient final : public HttpClient {
 public:
  tl::expected<HttpResponse, HttpFailure> send(const Context&, const HttpRequest& request) override {
    if (request.url.ends_with("/slow")) m_slow.get_future().wait();
    return HttpResponse{};
  }
  void answer() { m_slow.set_value(); }

 private:
  std::promise<void> m_slow;
};

HttpRequest request_of(const std::string& path) {
  HttpRequest request;
  request.method = "GET";
  request.url = "https://api.example.com" + path;
  request.timeout = 30s;
  return request;
}

}  // namespace

TEST_CASE("a request begins and ends while the line about another is not taken by the error stream") {
  ShutBuffer shut;
  std::ostream screen(&shut);
  std::istringstream nothing;
  platform::SimulatedClock clock(Instant(0s));
  std::mutex turn;
  const cli::Streams streams{screen, screen, nothing, {}, {}, {}, 100, &turn};
  cli::WaitNotice notice(streams, clock);
  StubClient client;
  cli::WaitTellingHttpClient telling(client, clock, notice);
  auto slow = std::async(std::launch::async, [&] { return telling.send({}, request_of("/slow")).has_value(); });
  const auto patience = std::chrono::steady_clock::now() + 20s;
  while (!shut.has_writer() && std::chrono::steady_clock::now() < patience) std::this_thread::sleep_for(10ms);
  REQUIRE(shut.has_writer());

  auto quick = std::async(std::launch::async, [&] { return telling.send({}, request_of("/quick")).has_value(); });
  CHECK(quick.wait_for(5s) == std::future_status::ready);
  // Nor is a thread held up that would say nothing, so soon after.
  auto silent = std::async(std::launch::async, [&] { notice.tell("another try", Instant(1min)); });
  CHECK(silent.wait_for(5s) == std::future_status::ready);
  client.answer();
  CHECK(slow.wait_for(5s) == std::future_status::ready);
  shut.open();
}

TEST_CASE("messages and notices of waits take turns on the error stream") {
  CrowdBuffer crowd;
  std::ostream screen(&crowd);
  std::istringstream nothing;
  std::mutex turn;
  const cli::Streams streams{screen, screen, nothing, {}, {}, {}, 100, &turn};
  const cli::Streams same = streams;  // a command's own copy
  {
    const std::jthread waiting([&] {
      platform::SimulatedClock clock(Instant(0s));
      for (int i = 0; i < 20; ++i) cli::WaitNotice(streams, clock).tell("an answer", Instant(1min));
    });
    for (int i = 0; i < 20; ++i) same.tell("Error: something\n");
  }
  CHECK_FALSE(crowd.was_crowded());
}
