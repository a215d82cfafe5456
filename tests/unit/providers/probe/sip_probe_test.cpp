#include "providers/probe/sip/sip_probe.hpp"

#include <catch2/catch.hpp>

#include "providers/platform/posix/clock.hpp"
#include "providers/platform/posix/random.hpp"
#include "tests/support/certificate_factory.hpp"
#include "tests/unit/providers/support/tls_server.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using testing::TlsServer;
using testing::TlsSession;

namespace {

std::string header_of(const std::string& request, const std::string& name) {
  const auto at = request.find(name + ": ") + name.size() + 2;
  return request.substr(at, request.find("\r\n", at) - at);
}

std::string answer_to(const std::string& request, const std::string& status) {
  std::string text = "SIP/2.0 " + status + "\r\n";
  for (const auto* name : {"Via", "From", "To", "Call-ID", "CSeq"})
    text += std::string(name) + ": " + header_of(request, name) + "\r\n";
  return text + "Content-Length: 0\r\n\r\n";
}

enum class Client { unasked, must_show };

Result<int> options(const TlsServer::Handler& handler, Client client = Client::unasked, int max_version = 0) {
  static const auto family = testing::make_family(platform::SystemClock().now());
  testing::TlsServerSettings settings{family.chain_pem(), family.leaf.key.text()};
  settings.wants_client_certificate = client == Client::must_show;
  settings.max_version = max_version;
  TlsServer server(settings, handler);
  platform::SystemClock clock;
  platform::SystemRandom random;
  TlsProbePolicy policy;
  policy.host = "127.0.0.1";
  policy.port = server.port();
  return probe::make_sip_probe(clock, random, 500ms)->options({}, policy);
}

}  // namespace

TEST_CASE("the final status of OPTIONS is told, whatever comes before it and however it is cut") {
  CHECK(options([](TlsSession& peer) { peer.write(answer_to(peer.read(), "200 OK")); }).value() == 200);
  CHECK(options([](TlsSession& peer) {
          const auto request = peer.read();
          const auto bytes = "\r\n\r\n" + answer_to(request, "100 Trying") + answer_to(request, "486 Busy Here");
          for (const char byte : bytes) peer.write(std::string(1, byte));
        }).value() == 486);
}

TEST_CASE("an answer to another request is not ours") {
  const auto result = options([](TlsSession& peer) {
    const auto request = peer.read();
    auto other = request;
    other.replace(other.find(header_of(request, "Call-ID")), 8, "otherone");
    peer.write(answer_to(other, "200 OK") + answer_to(request, "404 Not Found"));
  });
  CHECK(result.value() == 404);
}

TEST_CASE("silence, a close, garbage and endless provisional answers are errors") {
  CHECK(options([](TlsSession& peer) {
          peer.read();
          peer.read();
        })
            .error()
            .code == ErrorCode::timeout);
  CHECK(options([](TlsSession& peer) { peer.read(); }).error().code == ErrorCode::protocol);
  CHECK(options([](TlsSession& peer) {
          peer.read();
          peer.write("HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n");
        })
            .error()
            .code == ErrorCode::protocol);
  CHECK(options([](TlsSession& peer) {
          const auto request = peer.read();
          for (int i = 0; i < 100; ++i) peer.write(answer_to(request, "100 Trying"));
        })
            .error()
            .code == ErrorCode::protocol);
}

TEST_CASE("a request of the peer's own on our connection is passed over") {
  CHECK(options([](TlsSession& peer) {
          const auto request = peer.read();
          peer.write(request + answer_to(request, "200 OK"));
        }).value() == 200);
}

TEST_CASE("an answer that is larger than any answer is refused before it is held, in its head and in its body") {
  const auto body = options([](TlsSession& peer) {
    auto answer = answer_to(peer.read(), "200 OK");
    peer.write(answer.replace(answer.find("Length: 0"), 9, "Length: 70000"));
    peer.read();
  });
  CHECK(body.error().code == ErrorCode::protocol);
  const auto head = options([](TlsSession& peer) {
    peer.read();
    for (int i = 0; i < 20; ++i) peer.write("X: " + std::string(8000, 'x') + "\r\n");
    peer.read();
  });
  CHECK(head.error().code == ErrorCode::protocol);
  CHECK(head.error().summary == "the SIP answer has more than 65536 bytes");
}

TEST_CASE("a peer that wants a client certificate for SIP says so, with what to do, in either version of TLS") {
  for (const int max_version : {0, 0x0303}) {
    const auto refused = options([](TlsSession&) {}, Client::must_show, max_version);
    REQUIRE_FALSE(refused);
    INFO(to_line(refused.error()));
    CHECK(refused.error().code == ErrorCode::protocol);
    REQUIRE(refused.error().hints.size() == 1);
    CHECK(refused.error().hints.front().find(R"("sip_options": false)") != std::string::npos);
  }
}
