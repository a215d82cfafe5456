// Whom a request believes: the roots of the client, those of one server, and what stays on the machine.
#include <catch2/catch.hpp>

#include "providers/platform/curl/http_client.hpp"
#include "providers/platform/posix/clock.hpp"
#include "tests/support/certificate_factory.hpp"
#include "tests/unit/providers/platform/temporary_folder.hpp"
#include "tests/unit/providers/support/tls_server.hpp"

using namespace trunkform;
using platform::make_curl_client;

namespace {

const platform::SystemClock k_now_clock;

HttpRequest request_to(const std::string& url, PlainHttp plain = PlainHttp::loopback) {
  HttpRequest request;
  request.url = url;
  request.plain = plain;
  request.timeout = std::chrono::milliseconds(20);
  return request;
}

}  // namespace

TEST_CASE("the roots that a request names are the only ones for its server") {
  const platform::TemporaryFolder folder;
  const auto own = testing::make_family(k_now_clock.now(), "localhost");
  const auto other = testing::make_family(k_now_clock.now(), "localhost");
  folder.write("own.pem", own.root.pem);
  folder.write("other.pem", other.root.pem);
  testing::TlsServer server({.chain_pem = own.chain_pem(), .key_pem = own.leaf.key.text()},
                            [](testing::TlsSession& session) {
                              session.read();
                              session.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
                            });
  auto request = request_to("https://localhost:" + std::to_string(server.port()) + "/");
  request.timeout = std::chrono::seconds(20);
  const auto send = [&](const char* of_client, const char* of_request) {
    request.ca_file = of_request[0] == '\0' ? "" : (folder / of_request).string();
    platform::CurlOptions options;
    if (of_client[0] != '\0') options.ca_file = (folder / of_client).string();
    return make_curl_client(std::move(options), k_now_clock)->send({}, request);
  };
  CHECK(send("own.pem", ""));
  CHECK(send("other.pem", "own.pem"));
  for (const auto& refused : {send("own.pem", "other.pem"), send("other.pem", "")}) {
    REQUIRE_FALSE(refused);
    CHECK(refused.error().error.code == ErrorCode::denied);
  }
}

TEST_CASE("a machine is told who it is over plain http, at its own addresses alone") {
  const auto client = make_curl_client({}, k_now_clock);
  const auto code = [&](const char* url, PlainHttp plain) {
    const auto answer = client->send({}, request_to(url, plain));
    return answer ? ErrorCode::internal : answer.error().error.code;
  };
  for (const auto* url : {"http://169.254.169.254/", "http://169.254.130.3:8081/msi/token"}) {
    INFO(url);
    CHECK(code(url, PlainHttp::loopback) == ErrorCode::untrusted);
    CHECK(code(url, PlainHttp::machine) != ErrorCode::untrusted);
  }
  for (const auto* url : {"http://192.0.2.1/", "http://169.255.0.1/", "http://169.254.169.254.example.com/"}) {
    INFO(url);
    CHECK(code(url, PlainHttp::machine) == ErrorCode::untrusted);
  }
}
