// Texts at paths, for who looks whether a name leads here.
#include "providers/platform/posix/path_server.hpp"

#include <catch2/catch.hpp>

#include "providers/platform/curl/http_client.hpp"
#include "providers/platform/posix/clock.hpp"

using namespace trunkform;
using platform::PathServer;

namespace {

std::unique_ptr<PathServer> started(const std::string& address, std::map<std::string, std::string> answers) {
  auto server = PathServer::start(address, std::move(answers));
  if (!server) FAIL(to_line(server.error()));
  return std::move(*server);
}

struct Caller {
  platform::SystemClock clock;
  std::unique_ptr<HttpClient> http = platform::make_curl_client({}, clock);

  HttpResponse ask(int port, const std::string& path, const std::string& method = "GET",
                   std::vector<HttpHeader> headers = {}) {
    HttpRequest request;
    request.method = method;
    request.url = "http://127.0.0.1:" + std::to_string(port) + path;
    request.headers = std::move(headers);
    auto answer = http->send({}, request);
    if (!answer) return {};
    return std::move(*answer);
  }
};

}  // namespace

TEST_CASE("a path server answers what it was given, and nothing else") {
  Caller caller;
  const auto server = started("127.0.0.1:0", {{"/a", "text of a"}, {"/b", ""}});
  CHECK(caller.ask(server->port(), "/a").body == "text of a");
  CHECK(caller.ask(server->port(), "/a?query=1").body == "text of a");
  CHECK(caller.ask(server->port(), "/b").status == 200);
  CHECK(caller.ask(server->port(), "/c").status == 404);
  CHECK(caller.ask(server->port(), "/a/../b").status == 404);
  CHECK(caller.ask(server->port(), "/a", "POST").status == 405);
  server->answer_with({{"/c", "now"}});
  CHECK(caller.ask(server->port(), "/a").status == 404);
  CHECK(caller.ask(server->port(), "/c").body == "now");
}

TEST_CASE("a path server is gone when its owner is") {
  Caller caller;
  auto server = started("127.0.0.1:0", {{"/a", "text"}});
  const int port = server->port();
  server.reset();
  CHECK(caller.ask(port, "/a").status == 0);
  server = started("127.0.0.1:" + std::to_string(port), {{"/a", "again"}});
  CHECK(caller.ask(port, "/a").body == "again");
}

TEST_CASE("a caller of a path server that sends too much is not read on") {
  Caller caller;
  const auto server = started("127.0.0.1:0", {{"/a", "text"}});
  CHECK(caller.ask(server->port(), "/a", "GET", {{"X-Long", std::string(4000, 'x')}}).status == 200);
  CHECK(caller.ask(server->port(), "/a", "GET", {{"X-Long", std::string(20'000, 'x')}}).status == 0);
  CHECK(caller.ask(server->port(), "/a").status == 200);
}

TEST_CASE("where a path server cannot listen it says what to do") {
  const auto server = started("127.0.0.1:0", {});
  const auto taken = PathServer::start("127.0.0.1:" + std::to_string(server->port()), {});
  REQUIRE_FALSE(taken);
  CHECK(taken.error().code == ErrorCode::conflict);
  for (const auto* address : {"", "80", "127.0.0.1:", "sip.example.com:80", "127.0.0.1:http", "[::1]:http", "[::1]"}) {
    const auto none = PathServer::start(address, {});
    REQUIRE_FALSE(none);
    CHECK(none.error().code == ErrorCode::invalid_input);
  }
  const auto elsewhere = PathServer::start("192.0.2.1:0", {});
  REQUIRE_FALSE(elsewhere);
  CHECK(elsewhere.error().code == ErrorCode::invalid_input);
}

TEST_CASE("a path server without a host listens at all addresses") {
  Caller caller;
  const auto server = started(":0", {{"/a", "text"}});
  CHECK(caller.ask(server->port(), "/a").body == "text");
}
