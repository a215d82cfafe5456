// Addresses at which issuers of one run listen: written differently, and the same to the kernel.
#include <catch2/catch.hpp>

#include "providers/issuers/acme/listeners.hpp"
#include "providers/platform/curl/http_client.hpp"
#include "providers/platform/posix/clock.hpp"

using namespace trunkform;
using issuers::acme::Listeners;

namespace {

struct Caller {
  platform::SystemClock clock;
  std::unique_ptr<HttpClient> http = platform::make_curl_client({}, clock);
  std::string port = free_port();

  static std::string free_port() {
    auto server = platform::PathServer::start("0.0.0.0:0", {});
    REQUIRE(server);
    return std::to_string((*server)->port());
  }
  std::string at(const std::string& path, const std::string& host = "127.0.0.1") const {
    HttpRequest request;
    request.url = "http://" + host + ":" + port + path;
    const auto answer = http->send({}, request);
    return answer ? answer->body : "nobody listens";
  }
};

}  // namespace

TEST_CASE("acme: who listens at one address in other words shares its listener") {
  Caller caller;
  const std::vector<std::string> hosts{"", "0.0.0.0", "[::]", "127.0.0.1"};
  for (const auto& first : hosts)
    for (const auto& second : hosts) {
      INFO("'" << first << "' and '" << second << "'");
      Listeners listeners;
      CHECK(listeners.show(first + ":" + caller.port, {{"/a", "text of a"}}));
      CHECK(listeners.show(second + ":" + caller.port, {{"/b", "text of b"}}));
      CHECK(caller.at("/a") == "text of a");
      CHECK(caller.at("/b") == "text of b");
      if (second == "[::]") CHECK(caller.at("/a", "[::1]") == "text of a");
      listeners.take_away(first + ":" + caller.port, {"/a"});
      CHECK(caller.at("/b") == "text of b");
      CHECK(caller.at("/a").empty());
      listeners.take_away(second + ":" + caller.port, {"/b"});
      CHECK(caller.at("/b") == "nobody listens");
    }
}

TEST_CASE("acme: where the whole address is somebody else's, who listens for a part of it goes on") {
  Caller caller;
  Listeners listeners;
  const auto other = platform::PathServer::start("127.0.0.2:" + caller.port, {{"/c", "somebody else"}});
  REQUIRE(other);
  CHECK(listeners.show("127.0.0.1:" + caller.port, {{"/a", "text of a"}}));
  const auto refused = listeners.show("0.0.0.0:" + caller.port, {{"/b", "text of b"}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(caller.at("/a") == "text of a");
  listeners.take_away("0.0.0.0:" + caller.port, {"/b"});
  CHECK(caller.at("/a") == "text of a");
}
