#include <atomic>

#include <catch2/catch.hpp>

#include "cmd/genesys_sim/sip/listeners.hpp"
#include "cmd/genesys_sim/tls/mint.hpp"
#include "cmd/genesys_sim/tls/tls.hpp"
#include "tests/unit/cmd/genesys_sim/raw_client.hpp"
#include "tests/unit/cmd/genesys_sim/world.hpp"

using namespace trunkform::sim::testing;
using namespace trunkform::sim;
using namespace std::chrono_literals;

namespace {

/// Takes every pair for good and tells certificates apart by their text.
class TrustingJudge final : public CertificateJudge {
 public:
  Judgement judge(std::string_view chain_pem, std::string_view, trunkform::Instant) const override {
    Judgement judgement;
    const auto hash = std::hash<std::string_view>{}(chain_pem);
    for (std::size_t i = 0; i < 8; ++i) judgement.identity.leaf.bytes[i] = static_cast<std::uint8_t>(hash >> (8 * i));
    return judgement;
  }
};

struct Exchange {
  /// The listeners' threads read it.
  std::atomic<trunkform::Instant> now =
      std::chrono::time_point_cast<trunkform::Duration>(std::chrono::system_clock::now());
  Minted minted = mint({3, {60}, 90, "sip.example.com", now}).value();
  TrustingJudge judge;
  Service service{World::default_options(), judge};
  std::unique_ptr<SipListeners> listeners;

  Exchange() {
    service.add_trunk({"one", "One", "active", "", pair(0)}, now);
    service.add_trunk({"two", "Two", "active", "", nullptr}, now);
    service.set_stranger(pair(2));
    pass(1h);
    auto opened = SipListeners::open({{"one", "One", 0}, {"two", "Two", 0}}, service, [this] { return now.load(); });
    REQUIRE(opened);
    listeners = std::move(*opened);
  }
  void pass(trunkform::Duration time) { now = now.load() + time; }
  PairPtr pair(std::size_t i) const {
    return service.make_pair(minted.chains[i].certificate, minted.chains[i].private_key, now);
  }
  int port(std::size_t i = 0) const { return listeners->ports()[i].port; }
  void bind(std::size_t i, const std::string& trunk = "one") {
    const auto response = service.handle({"PATCH",
                                          std::string(k_trunks) + "/" + trunk,
                                          "",
                                          {{"Authorization", "Bearer static-token"},
                                           {"Accept", "application/json"},
                                           {"Content-Type", "application/json"}},
                                          patch_body(minted.chains[i].certificate, minted.chains[i].private_key),
                                          now});
    REQUIRE(response.status == 200);
  }
  void turn(const std::string& knobs) { REQUIRE(service.turn(knobs, now)); }
};

std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const auto& part : parts) all += part;
  return all;
}

std::string ask(TlsClient& client) {
  client.send(
      "OPTIONS sip:t@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TLS a\r\nTo: <sip:t@127.0.0.1>\r\nFrom: <sip:m@x>;tag=1\r\n"
      "Call-ID: c\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n");
  return client.read_until("\r\n\r\n");
}

}  // namespace

TEST_CASE("a SIP port serves exactly the chain last bound, over TLS 1.2 and 1.3") {
  Exchange exchange;
  for (const int version : {0x0303, 0x0304}) {
    TlsClient client(exchange.port(), version);
    REQUIRE(client.connected());
    CHECK(joined(client.chain_pem()) == exchange.minted.chains[0].certificate);
  }
  CHECK_FALSE(TlsClient(exchange.port(), 0x0302).connected());
  exchange.bind(1);
  CHECK(joined(TlsClient(exchange.port()).chain_pem()) == exchange.minted.chains[1].certificate);
}

TEST_CASE("OPTIONS is answered, several times on one connection") {
  Exchange exchange;
  TlsClient client(exchange.port());
  for (int i = 0; i < 3; ++i) CHECK(ask(client).starts_with("SIP/2.0 200 OK\r\n"));
}

TEST_CASE("an old session keeps the old certificate and goes on, unless sessions are to be closed") {
  Exchange exchange;
  TlsClient old(exchange.port());
  CHECK(ask(old).starts_with("SIP/2.0 200 "));
  exchange.bind(1);
  CHECK(ask(old).starts_with("SIP/2.0 200 "));
  CHECK(joined(old.chain_pem()) == exchange.minted.chains[0].certificate);
  TlsClient fresh(exchange.port());
  CHECK(ask(fresh).starts_with("SIP/2.0 200 "));
  exchange.turn(R"({"close_sessions": true})");
  CHECK(old.read_until("never").empty());
  CHECK(ask(fresh).starts_with("SIP/2.0 200 "));
}

TEST_CASE("a trunk without a certificate refuses the handshake") {
  Exchange exchange;
  CHECK_FALSE(TlsClient(exchange.port(1)).connected());
  exchange.bind(1, "two");
  CHECK(joined(TlsClient(exchange.port(1)).chain_pem()) == exchange.minted.chains[1].certificate);
}

TEST_CASE("a port can serve later, serve a stranger's certificate, refuse, or stay silent") {
  Exchange exchange;
  exchange.turn(R"({"serve_delay": "30s"})");
  exchange.bind(1);
  CHECK(joined(TlsClient(exchange.port()).chain_pem()) == exchange.minted.chains[0].certificate);
  exchange.pass(30s);
  CHECK(joined(TlsClient(exchange.port()).chain_pem()) == exchange.minted.chains[1].certificate);
  exchange.turn(R"({"sip":[{"trunk":"One","serve":"wrong"}]})");
  CHECK(joined(TlsClient(exchange.port()).chain_pem()) == exchange.minted.chains[2].certificate);
  exchange.turn(R"({"sip":[{"trunk":"One","serve":"refuse"}]})");
  CHECK(RawClient(exchange.port()).read_all().end == End::reset);
  exchange.turn(R"({"sip":[{"trunk":"One","serve":"silent"}]})");
  RawClient silent(exchange.port());
  silent.send("hello");
  CHECK(silent.read_all(300ms).end == End::timeout);
}

TEST_CASE("a port follows the name when its trunk was recreated") {
  Exchange exchange;
  exchange.turn(R"({"edits":[{"do":"recreate","trunk":"One"}]})");
  CHECK_FALSE(TlsClient(exchange.port()).connected());
  exchange.bind(1, *exchange.service.find_trunk("One"));
  CHECK(joined(TlsClient(exchange.port()).chain_pem()) == exchange.minted.chains[1].certificate);
  exchange.turn(R"({"edits":[{"do":"delete","trunk":"One"}]})");
  CHECK(RawClient(exchange.port()).read_all().end == End::reset);
}

TEST_CASE("a port that is taken is an error; stopping ends open sessions soon") {
  Exchange exchange;
  const auto taken =
      SipListeners::open({{"one", "One", exchange.port()}}, exchange.service, [] { return trunkform::Instant{}; });
  REQUIRE_FALSE(taken);
  CHECK(taken.error().summary == "cannot listen on 127.0.0.1:" + std::to_string(exchange.port()));
  TlsClient client(exchange.port());
  RawClient half(exchange.port());
  const auto start = std::chrono::steady_clock::now();
  exchange.listeners.reset();
  CHECK(std::chrono::steady_clock::now() - start < 2s);
  CHECK(client.read_until("never").empty());
}

TEST_CASE("minted chains differ, have the size of real ones, and end when they were told to") {
  const trunkform::Instant now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24);
  const auto minted = mint({5, {-1, 60}, 90, "sip.example.com", now});
  REQUIRE(minted);
  REQUIRE(minted->chains.size() == 5);
  for (const auto& chain : minted->chains) {
    CHECK(chain.certificate.size() > 3600);
    CHECK(chain.certificate.size() < 4600);
    CHECK(chain.private_key.starts_with("-----BEGIN PRIVATE KEY-----"));
    CHECK(TlsContext::make(chain.certificate, chain.private_key).has_value());
  }
  CHECK(minted->chains[0].certificate != minted->chains[1].certificate);
  CHECK_FALSE(TlsContext::make(minted->chains[0].certificate, minted->chains[1].private_key).has_value());
}
