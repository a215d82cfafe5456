#include <catch2/catch.hpp>

#include "cmd/genesys_sim/http/front.hpp"
#include "cmd/genesys_sim/tls/mint.hpp"
#include "tests/unit/cmd/genesys_sim/raw_client.hpp"
#include "tests/unit/cmd/genesys_sim/world.hpp"

using namespace trunkform::sim::testing;
using namespace trunkform::sim;
using namespace std::chrono_literals;

namespace {

std::unique_ptr<HttpFront> front_of(World& world, FrontOptions options = {}) {
  options.threads = 8;
  auto front = HttpFront::start(options, world.service, [&world] { return world.now; });
  REQUIRE(front);
  return std::move(*front);
}

std::string request(const std::string& method, const std::string& path, const std::string& body = "") {
  return method + " " + path +
         " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer static-token\r\nAccept: application/json\r\n" +
         (body.empty() ? ""
                       : "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n") +
         "\r\n" + body;
}

const std::string k_first = std::string(k_trunks) + "/id-1";

}  // namespace

TEST_CASE("the front serves several requests on one connection") {
  World world;
  const auto front = front_of(world);
  RawClient client(front->port());
  for (int i = 0; i < 3; ++i) {
    client.send(request("GET", k_first));
    const auto head = client.read_until("\r\n\r\n");
    CHECK(head.starts_with("HTTP/1.1 200 "));
    CHECK(head.find("ININ-Correlation-Id: ") != std::string::npos);
    CHECK(head.find("Content-Type: application/json\r\n") != std::string::npos);
    CHECK(client.read_until("edge/trunks/id-1\"}").ends_with("}"));
  }
  client.send(request("PATCH", k_first, patch_body(chain("new"), key("new"))));
  CHECK(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 200 "));
  CHECK(world.service.summary().patches_committed == 1);
  CHECK(world.service.summary().requests == 4);
  CHECK(world.violations() == 0);
}

TEST_CASE("the path and query reach the model as they were sent") {
  World world;
  const auto front = front_of(world);
  RawClient client(front->port());
  client.send(request("GET", std::string(k_trunks) + "/a%2fb?pageSize=%31"));
  client.read_until("\r\n\r\n");
  CHECK(world.violated() == std::vector<std::string>{"unsafe_path"});
  CHECK(at(world.admin("requests"), "/requests/0/path") == std::string(k_trunks) + "/a%2fb");
}

TEST_CASE("an answer is never compressed, so that its length is the model's") {
  World world;
  const auto front = front_of(world);
  RawClient client(front->port());
  client.send("GET " + k_first +
              " HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip, br\r\nAccept: application/json\r\n"
              "Authorization: Bearer static-token\r\n\r\n");
  CHECK(client.read_until("\r\n\r\n").find("Content-Encoding") == std::string::npos);
}

TEST_CASE("a reset is a reset, before and after the commit") {
  for (const bool after : {false, true}) {
    World world;
    world.turn(std::string(R"({"faults":[{"operation":"patch","effect":"reset","when":")") +
               (after ? "after" : "before") + "\"}]}");
    const auto front = front_of(world);
    RawClient client(front->port());
    client.send(request("PATCH", k_first, patch_body(chain("new"), key("new"))));
    const auto received = client.read_all();
    CHECK(received.end == End::reset);
    CHECK(received.bytes.empty());
    CHECK(world.service.summary().patches_committed == (after ? 1 : 0));
  }
}

TEST_CASE("a torn body announces its whole length and stops where it was told to") {
  for (const std::string ending : {"close", "reset"}) {
    World world;
    world.turn(R"({"faults":[{"effect":"torn","bytes":10,"ending":")" + ending + "\"}]}");
    const auto front = front_of(world);
    RawClient client(front->port());
    client.send(request("GET", k_first));
    const auto received = client.read_all();
    CHECK(received.end == (ending == "close" ? End::closed : End::reset));
    const auto body = received.bytes.find("\r\n\r\n") + 4;
    if (ending == "close") {
      CHECK(received.bytes.size() - body == 10);
      CHECK(received.bytes.find("Content-Length: 10\r\n") == std::string::npos);
    }
  }
}

TEST_CASE("silence lasts until the client gives up, a slow answer is slow and whole") {
  World world;
  world.turn(
      R"({"faults":[{"effect":"silence","times":1},{"effect":"slow","first_byte":"200ms","chunk":100,"pause":"50ms"}]})");
  const auto front = front_of(world);
  {
    RawClient client(front->port());
    client.send(request("GET", k_first));
    const auto received = client.read_all(300ms);
    CHECK(received.end == End::timeout);
    CHECK(received.bytes.empty());
  }
  RawClient client(front->port());
  const auto start = std::chrono::steady_clock::now();
  client.send(request("GET", k_first));
  client.read_until("\r\n\r\n");
  CHECK(std::chrono::steady_clock::now() - start >= 200ms);
  CHECK(client.read_until("edge/trunks/id-1\"}").starts_with("{"));
  CHECK(std::chrono::steady_clock::now() - start >= 300ms);
}

TEST_CASE("the front serves over TLS 1.2 and 1.3 and no older") {
  World world;
  const auto minted = mint({1, {60}, 90, "api.example.com", world.now});
  REQUIRE(minted);
  FrontOptions options;
  const auto context = TlsContext::make(minted->chains[0].certificate, minted->chains[0].private_key);
  REQUIRE(context);
  options.tls = *context;
  const auto front = front_of(world, options);
  for (const int version : {0x0303, 0x0304}) {
    TlsClient client(front->port(), version);
    REQUIRE(client.connected());
    CHECK(client.chain_pem().size() == 3);
    client.send(request("GET", k_first));
    CHECK(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 200 "));
    client.read_until("edge/trunks/id-1\"}");
    client.send(request("GET", k_first));
    CHECK(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 200 "));
  }
  CHECK_FALSE(TlsClient(front->port(), 0x0302).connected());
}

TEST_CASE("a port that is taken is an error, and stopping does not wait for idle or silent connections") {
  World world;
  world.turn(R"({"faults":[{"effect":"silence"}]})");
  auto front = front_of(world);
  FrontOptions same;
  same.port = front->port();
  const auto taken = HttpFront::start(same, world.service, [&world] { return world.now; });
  REQUIRE_FALSE(taken);
  CHECK(taken.error().summary == "cannot listen on 127.0.0.1:" + std::to_string(same.port));
  RawClient idle(front->port()), silent(front->port());
  silent.send(request("GET", k_first));
  const auto start = std::chrono::steady_clock::now();
  front.reset();
  CHECK(std::chrono::steady_clock::now() - start < 2s);
  CHECK(idle.read_all(1s).end != End::timeout);
  CHECK(silent.read_all(1s).bytes.empty());
}
