#include "providers/platform/curl/http_client.hpp"

#include <thread>

#include <catch2/catch.hpp>

#include "providers/platform/curl/url_check.hpp"
#include "providers/platform/posix/clock.hpp"
#include "tests/unit/providers/support/raw_server.hpp"

using namespace std::chrono_literals;
using trunkform::Context;
using trunkform::Duration;
using trunkform::ErrorCode;
using trunkform::HttpRequest;
using trunkform::Reached;
using trunkform::SecretBuffer;
using trunkform::platform::make_curl_client;
using trunkform::platform::SystemClock;
using trunkform::testing::http_answer;
using trunkform::testing::RawConnection;
using trunkform::testing::RawServer;

namespace {

const SystemClock k_clock;

HttpRequest get(const std::string& url) {
  HttpRequest request;
  request.url = url;
  return request;
}

HttpRequest patch(const std::string& url, const SecretBuffer& body) {
  HttpRequest request = get(url);
  request.method = "PATCH";
  request.headers = {{"Content-Type", "application/json"}};
  request.secret_body = &body;
  return request;
}

/// Answers every request on a connection the same way until the peer leaves.
RawServer::Handler always(std::string answer) {
  return [answer](RawConnection& peer) {
    while (!peer.request().empty()) peer.send(answer);
  };
}

}  // namespace

TEST_CASE("an answer's status, headers and body arrive, and headers are found in any case") {
  RawServer server(always(http_answer(404, "{}", "ININ-Correlation-Id: abc \r\n")));
  const auto answer = make_curl_client({}, k_clock)->send({}, get(server.url()));
  REQUIRE(answer);
  CHECK(answer->status == 404);
  CHECK(answer->body == "{}");
  CHECK(*answer->header("inin-correlation-id") == "abc");
}

TEST_CASE("the request has the method, the secret body, the authorization and no Expect") {
  std::string seen;
  RawServer server([&](RawConnection& peer) {
    seen = peer.request();
    peer.send(http_answer(200, "{}"));
  });
  const auto body = SecretBuffer::copy_of(R"({"tls":{}})");
  const auto token = SecretBuffer::copy_of("Bearer canary");
  auto request = patch(server.url("/a/b"), body);
  request.authorization = &token;
  REQUIRE(make_curl_client({}, k_clock)->send({}, request));
  CHECK(seen.substr(0, 21) == "PATCH /a/b HTTP/1.1\r\n");
  CHECK(seen.find("\r\nAuthorization: Bearer canary\r\n") != std::string::npos);
  CHECK(seen.find("\r\nContent-Type: application/json\r\n") != std::string::npos);
  CHECK(seen.find("Expect") == std::string::npos);
  CHECK(seen.substr(seen.find("\r\n\r\n") + 4) == R"({"tls":{}})");
}

TEST_CASE("reads share one connection, and every write opens a connection of its own") {
  RawServer server(always(http_answer(200, "{}")));
  const auto client = make_curl_client({}, k_clock);
  for (int i = 0; i < 5; ++i) REQUIRE(client->send({}, get(server.url())));
  CHECK(server.connections() == 1);
  const auto body = SecretBuffer::copy_of("x");
  for (int i = 0; i < 2; ++i) REQUIRE(client->send({}, patch(server.url(), body)));
  CHECK(server.connections() == 3);
}

TEST_CASE("a write whose connection is closed after the commit is sent once only, and may have reached") {
  std::atomic<int> commits{0};
  RawServer server([&](RawConnection& peer) {
    for (auto request = peer.request(); !request.empty(); request = peer.request()) {
      if (request.starts_with("PATCH")) {
        ++commits;
        return;  // committed, then gone
      }
      peer.send(http_answer(200, "{}"));
    }
  });
  const auto client = make_curl_client({}, k_clock);
  REQUIRE(client->send({}, get(server.url())));  // a connection that libcurl would like to reuse
  const auto body = SecretBuffer::copy_of(std::string(4000, 'x'));
  const auto answer = client->send({}, patch(server.url(), body));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().reached == Reached::maybe);
  CHECK(answer.error().error.code == ErrorCode::unavailable);
  CHECK(commits == 1);
}

TEST_CASE("a refused connection certainly did not reach the server") {
  int port = 0;
  {
    RawServer gone([](RawConnection&) {});
    port = gone.port();
  }
  const auto body = SecretBuffer::copy_of("x");
  const auto answer =
      make_curl_client({}, k_clock)->send({}, patch("http://127.0.0.1:" + std::to_string(port) + "/", body));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().reached == Reached::no);
  CHECK(answer.error().error.code == ErrorCode::unavailable);
}

TEST_CASE("roots that cannot be read are told with the variable that names them") {
  RawServer server(always(http_answer(200, "{}")));
  auto url = server.url();
  url.insert(url.find(':'), "s");
  const auto answer = make_curl_client({.ca_file = "nowhere.pem"}, k_clock)->send({}, get(url));
  REQUIRE_FALSE(answer);
  REQUIRE(answer.error().error.hints.size() == 1);
  CHECK(answer.error().error.hints.front().find("TRUNKFORM_CA_FILE") != std::string::npos);
}

TEST_CASE("https at a port where plain http is spoken is told as that, and is not tried again") {
  RawServer server([](RawConnection& peer) {
    peer.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    peer.wait_for_close();
  });
  auto url = server.url();
  url.insert(url.find(':'), "s");
  const auto answer = make_curl_client({}, k_clock)->send({}, get(url));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().error.code == ErrorCode::denied);
  REQUIRE(answer.error().error.hints.size() == 1);
  CHECK(answer.error().error.hints.front().find("speaks no TLS") != std::string::npos);
}

TEST_CASE("a reset, torn headers, a torn body, a wrong length and no HTTP are failures, not answers") {
  const std::vector<std::pair<RawServer::Handler, ErrorCode>> cases{
      {[](RawConnection& peer) {
         peer.request();
         peer.reset();
       },
       ErrorCode::unavailable},
      {[](RawConnection& peer) {
         peer.request();
         peer.send("HTTP/1.1 200 OK\r\nContent-Ty");
       },
       ErrorCode::unavailable},
      {[](RawConnection& peer) {
         peer.request();
         peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n");
       },
       ErrorCode::unavailable},
      {[](RawConnection& peer) {
         peer.request();
         peer.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 Servi");
       },
       ErrorCode::unavailable},
      {[](RawConnection& peer) {
         peer.request();
         peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
       },
       ErrorCode::protocol},
      {[](RawConnection& peer) {
         peer.request();
         peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf");
       },
       ErrorCode::protocol},
      {[](RawConnection& peer) {
         peer.request();
         peer.send("SSH-2.0-OpenSSH_9.2\r\n");
       },
       ErrorCode::protocol},
      {[](RawConnection& peer) {
         peer.request();
         peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope");
       },
       ErrorCode::protocol},
  };
  for (const auto& [handler, code] : cases) {
    RawServer server(handler);
    const auto answer = make_curl_client({}, k_clock)->send({}, get(server.url()));
    REQUIRE_FALSE(answer);
    INFO(answer.error().error.summary);
    CHECK(answer.error().error.code == code);
    CHECK(answer.error().reached == Reached::maybe);
  }
}

TEST_CASE("a refusal whose body is torn is a refusal all the same, with the headers that say until when") {
  RawServer server([](RawConnection& peer) {
    peer.request();
    peer.send("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 10\r\n\r\nhalf");
  });
  const auto answer = make_curl_client({}, k_clock)->send({}, get(server.url()));
  REQUIRE(answer);
  CHECK(answer->status == 429);
  REQUIRE(answer->header("Retry-After") != nullptr);
  CHECK(*answer->header("Retry-After") == "7");
  CHECK(answer->body.empty());
}

TEST_CASE("a server that stalls ends with a timeout at the request's limit or the context's deadline") {
  RawServer server([](RawConnection& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nha");
    peer.wait_for_close();
  });
  auto request = get(server.url());
  request.timeout = 150ms;
  const auto client = make_curl_client({}, k_clock);
  CHECK(client->send({}, request).error().error.code == ErrorCode::timeout);
  request.timeout = 1h;
  const Context context{k_clock.now() + 150ms, {}};
  CHECK(client->send(context, request).error().error.code == ErrorCode::timeout);
  const Context past{k_clock.now() - 1ms, {}};
  CHECK(client->send(past, request).error().reached == Reached::no);
  CHECK(server.connections() == 2);
}

TEST_CASE("a stop ends a request that waits, at once") {
  RawServer server([](RawConnection& peer) {
    peer.request();
    peer.wait_for_close();
  });
  const auto client = make_curl_client({}, k_clock);
  auto quickest = Duration::max();
  // The machine may be busy once, not each time; who looks for a stop now and then is slow each time.
  for (int i = 0; i < 5; ++i) {
    std::stop_source source;
    Duration stopped{};
    const std::jthread stopper([&] {
      std::this_thread::sleep_for(20ms);
      stopped = k_clock.monotonic();
      source.request_stop();
    });
    const auto answer = client->send({std::nullopt, source.get_token()}, get(server.url()));
    const auto ended = k_clock.monotonic();
    REQUIRE_FALSE(answer);
    CHECK(answer.error().error.code == ErrorCode::cancelled);
    CHECK(answer.error().error.hints.empty());  // no firewall did it
    quickest = std::min(quickest, ended - stopped);
  }
  CHECK(quickest < 60ms);
}

TEST_CASE("a redirect is an answer like any other and is not followed") {
  std::atomic<int> followed{0};
  RawServer target([&](RawConnection& peer) { followed += peer.request().empty() ? 0 : 1; });
  RawServer server(always(http_answer(302, "", "Location: " + target.url() + "\r\n")));
  CHECK(make_curl_client({}, k_clock)->send({}, get(server.url()))->status == 302);
  CHECK(followed == 0);
}

TEST_CASE("a body above the limit is refused while it arrives, and one at the limit is taken") {
  RawServer server(always(http_answer(200, std::string(1000, 'x'))));
  const auto client = make_curl_client({}, k_clock);
  auto request = get(server.url());
  request.body_limit = 1000;
  CHECK(client->send({}, request)->body.size() == 1000);
  request.body_limit = 999;
  const auto answer = client->send({}, request);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().error.code == ErrorCode::protocol);
  CHECK(answer.error().error.summary.find("larger than 999 bytes") != std::string::npos);
}

TEST_CASE("a gzip bomb is stopped by what it unpacks to") {
  std::string bomb;
  auto* pipe = ::popen("head -c 50000000 /dev/zero | gzip -9", "r");
  REQUIRE(pipe != nullptr);
  char space[4096];
  for (std::size_t count = ::fread(space, 1, sizeof space, pipe); count > 0;
       count = ::fread(space, 1, sizeof space, pipe))
    bomb.append(space, count);
  ::pclose(pipe);
  REQUIRE(bomb.size() < 200000);
  RawServer server(always(http_answer(200, bomb, "Content-Encoding: gzip\r\n")));
  auto request = get(server.url());
  request.body_limit = 1 << 20;
  const auto answer = make_curl_client({}, k_clock)->send({}, request);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().error.summary.find("larger than 1048576 bytes") != std::string::npos);
  request.body_limit = 100 << 20;
  CHECK(make_curl_client({}, k_clock)->send({}, request)->body.size() == 50000000);
}

TEST_CASE("a flood of headers is refused, in one line or in many") {
  for (const auto& flood : {"X: " + std::string(90000, 'x') + "\r\n", [] {
                              std::string many;
                              for (int i = 0; i < 9000; ++i) many += "X: 12345\r\n";
                              return many;
                            }()}) {
    RawServer server(always(http_answer(200, "{}", flood)));
    const auto answer = make_curl_client({}, k_clock)->send({}, get(server.url()));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().error.code == ErrorCode::protocol);
  }
}

TEST_CASE("a secret answer comes into the secret buffer, whole, and nowhere else") {
  const auto token = std::string(40000, 't');
  RawServer server(always(http_answer(200, token)));
  auto request = get(server.url());
  request.secret_answer = true;
  const auto answer = make_curl_client({}, k_clock)->send({}, request);
  REQUIRE(answer);
  CHECK(answer->secret_body.view() == token);
  CHECK(answer->body.empty());
}

TEST_CASE("plain http leaves this machine under no spelling, and only http and https are spoken") {
  const auto client = make_curl_client({}, k_clock);
  for (const auto* url : {"http://192.0.2.1/", "http://localhost.example.com/", "http://127.0.0.1.example.com/",
                          "http://[::ffff:192.0.2.1]/", "http://2130706433.example.com/", "HTTP://EXAMPLE.COM/"}) {
    INFO(url);
    CHECK(client->send({}, get(url)).error().error.code == ErrorCode::untrusted);
  }
  for (const auto* url : {"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "", "not a url",
                          "https://user:pass@127.0.0.1/", "https://127.0.0.1/\r\nX: y"}) {
    INFO(url);
    CHECK(client->send({}, get(url)).error().error.code == ErrorCode::invalid_input);
  }
}

TEST_CASE("a machine is asked who it is over plain http where a request says so, and nobody else then either") {
  (void)make_curl_client({}, k_clock)->send({}, get("http://192.0.2.1/"));  // libcurl is ready after a first request
  using trunkform::PlainHttp;
  using trunkform::platform::detail::check_url;
  using trunkform::platform::detail::Network;
  for (const auto* url : {"http://169.254.169.254/", "http://169.254.170.2/x", "http://169.254.170.23:80/",
                          "http://[fd00:ec2::254]/", "http://[fd00:ec2::23]/"}) {
    INFO(url);
    CHECK(check_url(url).error().code == ErrorCode::untrusted);
    // As what stays here it passes no proxy.
    CHECK(check_url(url, PlainHttp::machine) == Network::loopback);
  }
  for (const auto* url : {"http://169.253.169.254/", "http://169.254.169.254.example.com/", "http://example.com/"})
    CHECK(check_url(url, PlainHttp::machine).error().code == ErrorCode::untrusted);
}

TEST_CASE("secret headers are sent beside the authorization, in their order") {
  std::string seen;
  RawServer server([&](RawConnection& connection) {
    seen = connection.request();
    connection.send(http_answer(200, "{}"));
  });
  auto request = get(server.url());
  const auto authorization = SecretBuffer::copy_of("Bearer x"), one = SecretBuffer::copy_of("first"),
             two = SecretBuffer::copy_of("second");
  request.authorization = &authorization;
  request.secret_headers = {{"X-One", &one}, {"X-Two", &two}};
  REQUIRE(make_curl_client({}, k_clock)->send({}, request));
  CHECK(seen.find("Authorization: Bearer x\r\nX-One: first\r\nX-Two: second\r\n") != std::string::npos);
}

TEST_CASE("a header or authorization with a line break is refused before anything is sent") {
  RawServer server(always(http_answer(200, "{}")));
  const auto client = make_curl_client({}, k_clock);
  auto request = get(server.url());
  request.headers = {{"X", "a\r\nY: b"}};
  CHECK(client->send({}, request).error().error.code == ErrorCode::invalid_input);
  const auto token = SecretBuffer::copy_of("Bearer x\n");
  request.headers.clear();
  request.authorization = &token;
  CHECK(client->send({}, request).error().error.code == ErrorCode::invalid_input);
  request.authorization = nullptr;
  request.secret_headers = {{"X-Token", &token}};
  const auto refused = client->send({}, request).error().error;
  CHECK(refused.code == ErrorCode::invalid_input);
  CHECK(to_line(refused).find("Bearer") == std::string::npos);
  CHECK(server.connections() == 0);
}

TEST_CASE("an environment's proxy never sees what goes to the loopback") {
  ::setenv("http_proxy", "http://127.0.0.1:9", 1);
  RawServer server(always(http_answer(200, "{}")));
  CHECK(make_curl_client({}, k_clock)->send({}, get(server.url())));
  ::unsetenv("http_proxy");
}

TEST_CASE("many threads share one client") {
  RawServer server(always(http_answer(200, "{}")));
  const auto client = make_curl_client({}, k_clock);
  std::atomic<int> good{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i)
      threads.emplace_back([&] {
        for (int j = 0; j < 20; ++j) good += client->send({}, get(server.url())).has_value() ? 1 : 0;
      });
  }
  CHECK(good == 120);
  CHECK(server.connections() <= 6);
}
