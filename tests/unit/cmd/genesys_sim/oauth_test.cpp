#include <catch2/catch.hpp>

#include "tests/unit/cmd/genesys_sim/world.hpp"

using namespace trunkform::sim::testing;
using namespace trunkform::sim;
using namespace std::chrono_literals;

namespace {
const std::string k_basic = "Y2xpZW50OnMzY3JldA==";  // client:s3cret
}

TEST_CASE("client credentials buy a bearer token that works until it expires") {
  World world;
  world.turn(R"({"token_lifetime": "5m"})");
  const auto granted = world.grant(k_basic);
  REQUIRE(granted.status == 200);
  CHECK(at(granted.text(), "/token_type") == "bearer");
  CHECK(at(granted.text(), "/expires_in") == "300");
  CHECK(header(granted, "Cache-Control") == "no-store");
  world.token = at(granted.text(), "/access_token");
  CHECK(world.list().status == 200);
  world.pass(299s);
  CHECK(world.list().status == 200);
  world.pass(1s);
  CHECK(world.list().status == 401);
  CHECK(at(world.list().text(), "/code") == "bad.credentials");
  CHECK(world.violations() == 0);
}

TEST_CASE("two grants give two tokens, and another seed gives others") {
  World world;
  auto options = World::default_options();
  options.seed = 2;
  World other(1, options), same(3);
  const auto token = [](World& any) { return at(any.grant(k_basic).text(), "/access_token"); };
  const auto first = token(world);
  CHECK(first != token(world));
  CHECK(first != token(other));
  CHECK(first == token(same));
}

TEST_CASE("wrong client credentials and grant types are refused as OAuth refuses") {
  World world;
  for (const std::string basic : {"eDp5", "Y2xpZW50Ondyb25n", "!!!", "Y2xpZW50", ""}) {
    const auto refused = world.grant(basic);
    INFO(basic);
    CHECK(refused.status == 401);
    CHECK(at(refused.text(), "/error") == "invalid_client");
    CHECK(at(refused.text(), "/error_description") != "absent");
    CHECK(header(refused, "WWW-Authenticate").starts_with("Basic"));
  }
  const auto other = world.grant(k_basic, "grant_type=password");
  CHECK(other.status == 400);
  CHECK(at(other.text(), "/error") == "unsupported_grant_type");
}

TEST_CASE("OAuth's own rate limit answers 400 invalid_request") {
  World world;
  world.turn(R"({"faults":[{"operation":"token","effect":"oauth_rate_limit","times":1}]})");
  const auto limited = world.grant(k_basic);
  CHECK(limited.status == 400);
  CHECK(at(limited.text(), "/error") == "invalid_request");
  CHECK(at(limited.text(), "/description").starts_with("rate limit exceeded;"));
  CHECK(world.grant(k_basic).status == 200);
}

TEST_CASE("without a token the service asks for one; an unknown one is refused") {
  World world;
  const auto none = world.raw({"GET", k_trunks, "", {{"Accept", "application/json"}}, "", {}});
  CHECK(none.status == 401);
  CHECK(at(none.text(), "/code") == "authentication.required");
  world.token = "unknown";
  CHECK(at(world.list().text(), "/code") == "bad.credentials");
}

TEST_CASE("every token can be made to expire at once, and one by a 401 in mid-run") {
  World world;
  world.token = at(world.grant(k_basic).text(), "/access_token");
  world.turn(R"({"faults":[{"operation":"list","skip":1,"effect":"unauthorized","times":1}]})");
  CHECK(world.list().status == 200);
  CHECK(world.list().status == 401);
  CHECK(world.list().status == 401);  // the token is gone for good
  world.token = at(world.grant(k_basic).text(), "/access_token");
  CHECK(world.list().status == 200);
  world.turn(R"({"expire_tokens": true})");
  CHECK(world.list().status == 401);
}

TEST_CASE("every answer carries a correlation id and the date, errors carry the id as contextId") {
  World world;
  world.now = trunkform::Instant(trunkform::Duration(784887151123));
  const auto missing = world.trunk("gone");
  CHECK(header(missing, "Date") == "Tue, 15 Nov 1994 08:12:31 GMT");
  CHECK(header(missing, "ININ-Correlation-Id").size() == 36);
  CHECK(header(missing, "ININ-Correlation-Id") == at(missing.text(), "/contextId"));
  CHECK(at(missing.text(), "/status") == "404");
  CHECK(length(missing.text(), "/errors") == 0);
  world.turn(R"({"clock_skew": "-10m"})");
  CHECK(header(world.list(), "Date") == "Tue, 15 Nov 1994 08:02:31 GMT");
}
