#include "providers/probe/tls/tls_probe.hpp"

#include <array>
#include <thread>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <sys/socket.h>

#include "providers/platform/posix/clock.hpp"
#include "providers/x509/facts_cache.hpp"
#include "tests/support/certificate_factory.hpp"
#include "tests/unit/providers/support/tls_server.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using testing::RawConnection;
using testing::RawServer;
using testing::TlsServer;
using testing::TlsServerSettings;
using testing::TlsSession;

namespace {

constexpr int k_tls_1_2 = 0x0303, k_tls_1_1 = 0x0302;

TlsServerSettings good_settings() {
  static const auto family = testing::make_family(platform::SystemClock().now());
  return {family.chain_pem(), family.leaf.key.text()};
}

Result<std::vector<ServedChain>> observe(int port, const std::string& name = {}, Context context = {},
                                         Duration handshake = 5s, const std::string& host = "127.0.0.1",
                                         const std::string& min_version = "1.2") {
  platform::SystemClock clock;
  x509::FactsCache facts;
  TlsProbePolicy policy;
  policy.host = host;
  policy.port = port;
  policy.server_name = name;
  policy.min_version = min_version;
  return probe::make_tls_probe(clock, facts, handshake)->observe(context, policy);
}

}  // namespace

TEST_CASE("the whole chain that a port serves is seen, with the server's name sent and the version told") {
  std::string name;
  TlsServer server(good_settings(), [&](TlsSession& session) {
    name = session.server_name();
    session.read();
  });
  const auto served = observe(server.port(), "sip.example.com");
  REQUIRE(served);
  REQUIRE(served->size() == 1);
  const auto& seen = served->front();
  REQUIRE_FALSE(seen.error.has_value());
  CHECK(seen.address == "127.0.0.1:" + std::to_string(server.port()));
  CHECK(seen.protocol == "TLSv1.3");
  x509::FactsCache facts;
  CHECK(seen.chain->identity == facts.chain_of_pem(good_settings().chain_pem).value()->identity);
}

TEST_CASE("every handshake is a fresh one, and an address is never sent as a server name") {
  std::atomic<int> resumed{0}, named{0}, sessions{0};
  TlsServer server(good_settings(), [&](TlsSession& session) {
    ++sessions;
    resumed += session.resumed() ? 1 : 0;
    named += session.server_name().empty() ? 0 : 1;
    session.write("x");
  });
  for (int i = 0; i < 3; ++i) REQUIRE(observe(server.port())->front().chain);
  std::this_thread::sleep_for(50ms);
  CHECK(sessions == 3);
  CHECK(resumed == 0);
  CHECK(named == 0);
}

TEST_CASE("a name is probed on each of its addresses, each with its own outcome") {
  TlsServer server(good_settings(), [](TlsSession& session) { session.read(); });
  const auto served = observe(server.port(), {}, {}, 5s, "localhost");
  REQUIRE(served);
  int good = 0;
  for (const auto& seen : *served) {
    CHECK((seen.chain == nullptr) == seen.error.has_value());
    good += seen.chain ? 1 : 0;
  }
  CHECK(good == 1);  // the server listens on 127.0.0.1 alone
}

TEST_CASE("a server that wants a client certificate has shown its own, in either version of TLS") {
  for (const int version : {0, k_tls_1_2}) {
    auto settings = good_settings();
    settings.max_version = version;
    settings.wants_client_certificate = true;
    TlsServer server(settings, [](TlsSession&) {});
    const auto served = observe(server.port());
    REQUIRE(served);
    CHECK(served->front().chain != nullptr);
  }
}

TEST_CASE("a version below the least that is wanted is a failed handshake") {
  auto settings = good_settings();
  settings.max_version = k_tls_1_1;
  settings.min_version = k_tls_1_1;
  TlsServer server(settings, [](TlsSession&) {});
  const auto served = observe(server.port());
  REQUIRE(served->front().error.has_value());
  CHECK(served->front().error->code == ErrorCode::protocol);
  CHECK(served->front().chain == nullptr);
  CHECK(observe(server.port(), {}, {}, 5s, "127.0.0.1", "3.0")->front().error->code == ErrorCode::invalid_input);
}

TEST_CASE("a port that is closed, silent, not TLS or resetting is told apart") {
  int closed = 0;
  {
    RawServer gone([](RawConnection&) {});
    closed = gone.port();
  }
  CHECK(observe(closed)->front().error->code == ErrorCode::unavailable);
  RawServer silent([](RawConnection& peer) { peer.wait_for_close(); });
  CHECK(observe(silent.port(), {}, {}, 150ms)->front().error->code == ErrorCode::timeout);
  RawServer plain([](RawConnection& peer) {
    peer.send("SIP/2.0 400 Bad Request\r\n\r\n");
    peer.wait_for_close();
  });
  CHECK(observe(plain.port())->front().error->code == ErrorCode::protocol);
  RawServer resetting([](RawConnection& peer) { peer.reset(); });
  CHECK(observe(resetting.port())->front().error.has_value());
}

TEST_CASE("a stop and a deadline end a probe that waits, and an unknown name is the only error of the whole") {
  RawServer silent([](RawConnection& peer) { peer.wait_for_close(); });
  std::stop_source source;
  const std::jthread stopper([&] {
    std::this_thread::sleep_for(50ms);
    source.request_stop();
  });
  CHECK(observe(silent.port(), {}, {std::nullopt, source.get_token()})->front().error->code == ErrorCode::cancelled);
  CHECK(observe(silent.port(), {}, {platform::SystemClock().now() + 100ms, {}})->front().error->code ==
        ErrorCode::timeout);
  CHECK_FALSE(observe(5061, {}, {}, 1s, "no-such-host.invalid"));
}

TEST_CASE("three certificates are seen as three, in the order in which they are sent, and share their facts") {
  const auto family = testing::make_family(platform::SystemClock().now());
  TlsServer server({family.leaf.pem + family.root.pem + family.intermediate.pem, family.leaf.key.text()},
                   [](TlsSession& session) { session.read(); });
  platform::SystemClock clock;
  x509::FactsCache facts;
  const auto known = facts.chain_of_pem(family.chain_pem()).value();
  TlsProbePolicy policy;
  policy.host = "127.0.0.1";
  policy.port = server.port();
  const auto served = probe::make_tls_probe(clock, facts)->observe({}, policy);
  REQUIRE(served);
  const auto chain = served->front().chain;
  REQUIRE(chain);
  REQUIRE(chain->certificates.size() == 3);
  CHECK(chain->certificates[0] == known->certificates[0]);
  CHECK(chain->certificates[1]->self_issued);
  CHECK(chain->certificates[2] == known->certificates[1]);
}

TEST_CASE("a floor of 1.3 refuses a peer that has 1.2, and says which argument asks for it") {
  auto settings = good_settings();
  settings.max_version = k_tls_1_2;
  TlsServer server(settings, [](TlsSession& session) { session.read(); });
  CHECK(observe(server.port())->front().protocol == "TLSv1.2");
  const auto refused = observe(server.port(), {}, {}, 5s, "127.0.0.1", "1.3")->front();
  REQUIRE(refused.error);
  CHECK(refused.error->code == ErrorCode::protocol);
  REQUIRE(refused.error->hints.size() == 1);
  CHECK(refused.error->hints.front().find("min_version") != std::string::npos);
}

TEST_CASE("a peer that hangs up in the handshake, and one that speaks no TLS, are told in words") {
  RawServer closing([](RawConnection& peer) {
    std::array<char, 4096> hello{};
    (void)::recv(peer.socket(), hello.data(), hello.size(), 0);  // unread bytes would make a reset of the close
  });
  const auto closed = observe(closing.port())->front();
  REQUIRE(closed.error);
  CHECK(closed.error->summary.find(": the peer closed the connection") != std::string::npos);
  RawServer plain([](RawConnection& peer) {
    peer.send("SIP/2.0 400 Bad Request\r\n\r\n");
    peer.wait_for_close();
  });
  const auto garbage = observe(plain.port())->front();
  REQUIRE(garbage.error);
  REQUIRE(garbage.error->hints.size() == 1);
  CHECK(garbage.error->hints.front().find("does not speak TLS") != std::string::npos);
}

TEST_CASE("an old peer with a weak key is seen, where the floor allows it") {
  const auto now = platform::SystemClock().now();
  const auto weak = testing::make_root(testing::root_request(now), testing::Key::shared(testing::KeyType::rsa_1024));
  TlsServerSettings settings{weak.pem, weak.key.text()};
  settings.min_version = k_tls_1_1;
  settings.max_version = k_tls_1_1;
  TlsServer server(settings, [](TlsSession& session) { session.read(); });
  const auto seen = observe(server.port(), {}, {}, 5s, "127.0.0.1", "1.0")->front();
  REQUIRE(seen.chain);
  CHECK(seen.protocol == "TLSv1.1");
  CHECK(seen.chain->leaf().key.bits == 1024);
}

TEST_CASE("a name with more addresses than are spoken to at once has an outcome for each") {
  TlsServer server(good_settings(), [](TlsSession& session) { session.read(); });
  const auto served = observe(server.port(), {}, {}, 5s, "many.invalid");  // 127.0.1.1 to 127.0.1.20: resolve_test.cpp
  REQUIRE(served);
  REQUIRE(served->size() == 20);
  for (std::size_t i = 0; i < served->size(); ++i) {
    CHECK((*served)[i].address == fmt::format("127.0.1.{}:{}", i + 1, server.port()));
    CHECK((*served)[i].error.has_value());
  }
}
