#include <catch2/catch.hpp>

#include "tests/unit/providers/genesys/fixture.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::genesys;
using platform::http_response;

namespace {

const std::string k_trunk = R"({"id":"1","name":"a","tls":{"certificate":null}})";

/// A client with its token already there, so that the script is the API's alone.
struct Ready : World {
  std::unique_ptr<TrunkApi> api;
  explicit Ready(Options chosen = options()) {
    chosen.access_token = SecretBuffer::copy_of("given");
    api = client(std::move(chosen));
  }
};

}  // namespace

TEST_CASE("a 429 is waited out as asked, in seconds and as a date, and never undercut") {
  for (const auto* header : {"7", "Tue, 24 Nov 2026 12:00:07 GMT"}) {
    Ready world;
    world.http.push(429, R"({"message":"Rate limit exceeded"})", {{"Retry-After", header}});
    world.http.push(200, k_trunk);
    REQUIRE(world.api->get({}, {"1"}));
    CHECK(world.clock.monotonic() >= 7s);
    CHECK(world.clock.monotonic() < 20s);
    CHECK(world.api->requests() == 2);
  }
}

TEST_CASE("a 429 that asks for longer than the budget ends as throttled and says until when") {
  Ready world;
  world.http.push(429, "{}", {{"Retry-After", "3600"}});
  const auto error = world.api->get({}, {"1"}).error();
  CHECK(error.code == ErrorCode::throttled);
  CHECK(error.retry_after == Duration(1h));
  CHECK(world.clock.monotonic() == 0s);
}

TEST_CASE("a read survives a reset, a torn answer, a 503 and a 500, but asks no more after a 501 or a 400") {
  Ready world;
  world.http.push_failure(ErrorCode::unavailable, Reached::maybe);
  world.http.push_failure(ErrorCode::protocol, Reached::maybe);
  world.http.push(503, "{}", {{"Retry-After", "3"}});
  world.http.push(500, "oops");
  world.http.push(200, k_trunk);
  CHECK(world.api->get({}, {"1"}));
  CHECK(world.http.pending() == 0);
  for (const int status : {501, 400}) {
    world.http.push(status, "{}");
    CHECK(world.api->get({}, {"1"}).error().code == ErrorCode::rejected);
  }
}

TEST_CASE("an answer torn twice, a certificate that is not trusted and a stop are not repeated") {
  Ready world;
  world.http.push_failure(ErrorCode::protocol, Reached::maybe);
  world.http.push_failure(ErrorCode::protocol, Reached::maybe, "torn");
  CHECK(world.api->get({}, {"1"}).error().code == ErrorCode::protocol);
  world.http.push_failure(ErrorCode::denied, Reached::no);
  CHECK(world.api->get({}, {"1"}).error().code == ErrorCode::denied);
  world.http.push_failure(ErrorCode::cancelled, Reached::maybe);
  CHECK(world.api->get({}, {"1"}).error().code == ErrorCode::cancelled);
  CHECK(world.api->requests() == 4);
}

TEST_CASE("a service that is down for good ends within the budget with its last error") {
  Ready world;
  world.http.handle(
      [](const auto&) { return http_response(503, R"({"message":"down"})", {{"ININ-Correlation-Id", "c9"}}); });
  const auto error = world.api->get({}, {"1"}).error();
  CHECK(error.code == ErrorCode::unavailable);
  CHECK(error.summary ==
        "GET /api/v2/telephony/providers/edge/trunks/1 answered 503: \"down\" (correlation id \"c9\")");
  CHECK(error.detail.find("tried 4 times") != std::string::npos);
  CHECK(world.clock.monotonic() <= 5min);
}

TEST_CASE("lies are protocol errors with what was seen, escaped and cut, and the correlation id") {
  struct Lie {
    std::string body, says;
  };
  for (const auto& lie :
       {Lie{"<html>\x1b[2J" + std::string(500, 'x'), "an HTML page"}, Lie{"{\"id\":\"1\"", "broken JSON"},
        Lie{R"({"id":"2"})", "another trunk"}, Lie{R"([])", "no object"}, Lie{"", "broken JSON"}}) {
    Ready world;
    world.http.push(200, lie.body, {{"Content-Type", "text/html"}, {"ININ-Correlation-Id", "c1"}});
    const auto error = world.api->get({}, {"1"}).error();
    INFO(to_line(error));
    CHECK(error.code == ErrorCode::protocol);
    CHECK(error.summary.find(lie.says) != std::string::npos);
    CHECK(to_line(error).find('\x1b') == std::string::npos);
    CHECK(to_line(error).size() < 500);
  }
}

TEST_CASE("a redirect is not followed") {
  Ready world;
  world.http.push(302, "", {{"Location", "https://elsewhere.example.com/"}});
  CHECK(world.api->get({}, {"1"}).error().code == ErrorCode::protocol);
  CHECK(world.http.sent().size() == 1);
}

TEST_CASE("an id that could lead elsewhere is refused before anything is sent") {
  Ready world;
  for (const auto* id : {"../../users/me", "a%2fb", "a\r\nX: y"})
    CHECK(world.api->get({}, {id}).error().code == ErrorCode::invalid_input);
  CHECK(world.http.sent().empty());
}

TEST_CASE("the difference of the clocks comes from the last Date") {
  Ready world;
  CHECK_FALSE(world.api->clock_difference().has_value());
  world.http.push(200, k_trunk, {{"Date", "Tue, 24 Nov 2026 12:10:00 GMT"}});
  REQUIRE(world.api->get({}, {"1"}));
  CHECK(world.api->clock_difference() == Duration(10min));
}
