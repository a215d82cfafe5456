#include "providers/platform/curl/mail_transport.hpp"

#include <thread>

#include <catch2/catch.hpp>

#include "providers/platform/posix/clock.hpp"
#include "tests/unit/providers/support/raw_server.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using trunkform::platform::make_curl_mail;
using trunkform::testing::RawConnection;
using trunkform::testing::RawServer;

TEST_CASE("a stop ends a mail that waits for its server, long before that would have timed out") {
  const platform::SystemClock clock;
  RawServer silent([](RawConnection& peer) { peer.wait_for_close(); });
  std::stop_source source;
  const std::jthread stopper([&] {
    std::this_thread::sleep_for(50ms);
    source.request_stop();
  });
  MailRequest request;
  request.host = "127.0.0.1";
  request.port = silent.port();
  request.security = MailSecurity::none;
  request.from = "alerts@example.com";
  request.to = {"ops@example.com"};
  request.message = "Subject: alert\r\n\r\nalert\r\n";
  request.timeout = 8s;
  const auto before = clock.monotonic();
  const auto sent = make_curl_mail({}, clock)->send({std::nullopt, source.get_token()}, request);
  REQUIRE_FALSE(sent);
  CHECK(sent.error().code == ErrorCode::cancelled);
  // libcurl asks about once a second.
  CHECK(clock.monotonic() - before < 4s);
}
