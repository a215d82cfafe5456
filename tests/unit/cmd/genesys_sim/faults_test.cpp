#include <catch2/catch.hpp>

#include "tests/unit/cmd/genesys_sim/world.hpp"

using namespace trunkform::sim::testing;
using namespace trunkform::sim;
using namespace std::chrono_literals;

TEST_CASE("the real limit counts a token's minute, tells it in headers, and answers 429 with Retry-After") {
  World world;
  for (int i = 1; i <= 300; ++i) REQUIRE(world.trunk("id-1").status == 200);
  world.pass(18s);
  const auto refused = world.trunk("id-1");
  CHECK(refused.status == 429);
  CHECK(header(refused, "Retry-After") == "42");
  CHECK(header(refused, "inin-ratelimit-count") == "301");
  CHECK(header(refused, "inin-ratelimit-allowed") == "300");
  CHECK(header(refused, "inin-ratelimit-reset") == "42");
  CHECK(at(refused.text(), "/code") == "too.many.requests.retry.after");
  CHECK(at(refused.text(), "/message") == "Rate limit exceeded the maximum. Retry the request in [42] seconds");
  CHECK(world.service.summary().rate_limited == 1);
  world.pass(42s);
  const auto again = world.trunk("id-1");
  CHECK(again.status == 200);
  CHECK(header(again, "inin-ratelimit-count") == "1");
  CHECK(world.service.summary().early == 0);
}

TEST_CASE("a limited PATCH is not carried out, and each token has a limit of its own") {
  World world;
  world.turn(R"({"requests_per_minute": 1})");
  CHECK(world.list().status == 200);
  CHECK(world.bind("id-1", "new").status == 429);
  CHECK(world.service.summary().patches_committed == 0);
  world.token = at(world.grant("Y2xpZW50OnMzY3JldA==").text(), "/access_token");
  CHECK(world.bind("id-1", "new").status == 200);
}

TEST_CASE("the limit can be raised, switched off, and its headers hidden") {
  World world;
  world.turn(R"({"requests_per_minute": 0, "limit_headers": false})");
  for (int i = 0; i < 1000; ++i) REQUIRE(world.trunk("id-1").status == 200);
  CHECK(header(world.trunk("id-1"), "inin-ratelimit-count") == "absent");
}

TEST_CASE("a retry before the promised moment is counted as early, one at the moment is not") {
  World world;
  world.turn(R"({"faults":[{"operation":"get","effect":"too_many_requests","retry_after":"5s","times":2}]})");
  CHECK(header(world.trunk("id-1"), "Retry-After") == "5");
  world.pass(4999ms);
  CHECK(world.trunk("id-1").status == 429);
  CHECK(world.service.summary().early == 1);
  world.pass(5s);
  CHECK(world.trunk("id-1").status == 200);
  CHECK(world.trunk("id-2").status == 200);
  CHECK(world.service.summary().early == 1);
  CHECK(at(world.admin("requests"), "/requests/1/early") == "true");
}

TEST_CASE("429 says until when in seconds, as a date, or not at all") {
  World world;
  world.turn(R"({"faults":[{"effect":"too_many_requests","retry_after":"90s","hint":"date","times":1},
                           {"effect":"too_many_requests","hint":"none","times":1}]})");
  const auto dated = world.list();
  CHECK(header(dated, "Retry-After") == "Tue, 24 Nov 2026 00:01:30 GMT");
  CHECK(header(dated, "Date") == "Tue, 24 Nov 2026 00:00:00 GMT");
  const auto bare = world.list();
  CHECK(bare.status == 429);
  CHECK(header(bare, "Retry-After") == "absent");
  CHECK(world.list().status == 200);
}

TEST_CASE("a fault fires after so many, each nth time, so many times, until a moment") {
  const auto statuses = [](const std::string& how) {
    World world;
    world.turn(R"({"faults":[{"effect":"error","operation":"list",)" + how + "}]}");
    std::string seen;
    for (int i = 0; i < 8; ++i) {
      seen += world.list().status == 503 ? 'x' : '.';
      world.pass(1s);
    }
    return seen;
  };
  CHECK(statuses(R"("times":2)") == "xx......");
  CHECK(statuses(R"("skip":3,"times":1)") == "...x....");
  CHECK(statuses(R"("every":3)") == "..x..x..");
  CHECK(statuses(R"("skip":1,"every":2,"times":2)") == "..x.x...");
  CHECK(statuses(R"("for":"3s")") == "xxx.....");
  CHECK(statuses(R"("until":"2026-11-24T00:00:02Z")") == "xx......");
}

TEST_CASE("a fault keeps to its operation, its method and its trunk, by id or name") {
  const auto hits = [](const std::string& scope) {
    World world;
    world.turn(R"({"faults":[{"effect":"error",)" + scope + "}]}");
    std::string seen;
    for (const auto& response : {world.list(), world.trunk("id-1"), world.trunk("id-2"), world.bind("id-2", "new"),
                                 world.get("/api/v2/organizations/me")})
      seen += response.status == 503 ? 'x' : '.';
    return seen;
  };
  CHECK(hits(R"("operation":"list")") == "x....");
  CHECK(hits(R"("operation":"organisation")") == "....x");
  CHECK(hits(R"("method":"PATCH")") == "...x.");
  CHECK(hits(R"("trunk":"id-2")") == "..xx.");
  CHECK(hits(R"("trunk":"Trunk 1")") == ".x...");
  CHECK(hits(R"("trunk":"Trunk 2","operation":"get")") == "..x..");
}

TEST_CASE("of several faults that fit the first that is not spent fires") {
  World world;
  world.turn(R"({"faults":[{"effect":"conflict","times":1},{"effect":"error","status":504,"times":1}]})");
  CHECK(world.list().status == 409);
  CHECK(world.list().status == 504);
  CHECK(world.list().status == 200);
  CHECK(at(world.admin("knobs"), "/faults/1/fired") == "1");
  world.turn(R"({"clear_faults": true})");
  CHECK(length(world.admin("knobs"), "/faults") == 0);
}

TEST_CASE("5xx and resets before the commit change nothing, after it they do") {
  for (const std::string effect : {"error", "reset", "silence", "html", "not_json", "wrong_json", "redirect"}) {
    for (const bool after : {false, true}) {
      World world;
      world.turn(R"({"faults":[{"operation":"patch","times":1,"effect":")" + effect + R"(","when":")" +
                 (after ? "after" : "before") + "\"}]}");
      const auto response = world.bind("id-1", "new");
      INFO(effect << after);
      CHECK(response.delivery.lost() == (effect == "reset" || effect == "silence"));
      CHECK(at(world.trunk("id-1").text(), "/tls/certificate") == chain(after ? "new" : "old"));
    }
  }
}

TEST_CASE("conflicts come as a 409, or as a 400 that speaks of the current version") {
  World world;
  world.turn(
      R"({"faults":[{"operation":"patch","effect":"conflict","times":1},{"operation":"patch","effect":"version_mismatch","times":1}]})");
  const auto conflict = world.bind("id-1", "new");
  CHECK(conflict.status == 409);
  CHECK(at(conflict.text(), "/code") == "general.conflict");
  const auto mismatch = world.bind("id-1", "new");
  CHECK(mismatch.status == 400);
  CHECK(at(mismatch.text(), "/message").find("does not match the current version") != std::string::npos);
  CHECK(world.bind("id-1", "new").status == 200);
}

TEST_CASE("lying answers are exactly the lie that was ordered") {
  World world;
  world.turn(
      R"({"faults":[{"effect":"html","times":1},{"effect":"html","status":502,"times":1},{"effect":"not_json","times":1},
    {"effect":"wrong_json","times":1},{"effect":"redirect","location":"http://evil.invalid/x","times":1},{"effect":"cut_json","times":1}]})");
  const auto page = world.list();
  CHECK(page.status == 200);
  CHECK(header(page, "Content-Type") == "text/html");
  CHECK(world.list().status == 502);
  CHECK_THROWS(at(world.list().text(), ""));
  CHECK(at(world.list().text(), "/entities") == "none");
  const auto elsewhere = world.list();
  CHECK(elsewhere.status == 302);
  CHECK(header(elsewhere, "Location") == "http://evil.invalid/x");
  const auto half = world.list();
  const auto whole = world.list();
  CHECK(half.text().size() == whole.text().size() / 2);
  CHECK(whole.text().starts_with(half.text()));
}

TEST_CASE("a listing can repeat its first page") {
  World world(30);
  world.turn(R"({"faults":[{"operation":"list","effect":"repeat_page","skip":1}]})");
  CHECK(at(world.list("pageNumber=1").text(), "/entities/0/id") == "id-1");
  CHECK(at(world.list("pageNumber=2").text(), "/entities/0/id") == "id-1");
  CHECK(at(world.list("pageNumber=2").text(), "/pageNumber") == "1");
}

TEST_CASE("torn and slow answers are the right answers, delivered badly") {
  World world;
  world.turn(R"({"faults":[{"effect":"torn","bytes":10,"ending":"reset","times":1},
                           {"effect":"slow","first_byte":"3s","chunk":7,"pause":"250ms","times":1}]})");
  const auto torn = world.bind("id-1", "new");
  CHECK(torn.status == 200);
  CHECK(torn.delivery.kind == Delivery::Kind::torn);
  CHECK(torn.delivery.bytes == 10);
  CHECK(torn.delivery.ending == Ending::reset);
  const auto slow = world.trunk("id-1");
  CHECK(at(slow.text(), "/tls/certificate") == chain("new"));
  CHECK(slow.delivery.first_byte == 3s);
  CHECK(slow.delivery.chunk == 7);
  CHECK(slow.delivery.pause == 250ms);
  CHECK_FALSE(slow.delivery.lost());
}

TEST_CASE("edits of a fault happen just before its effect: the race between a read and a write") {
  World world;
  const auto edit = R"([{"do":"bind","trunk":"id-1","certificate":"x\nleaf-foreign\n","private_key":"k"}])";
  world.turn(std::string(R"({"faults":[{"operation":"patch","effect":"conflict","times":1,"edits":)") + edit + "}]}");
  CHECK(world.bind("id-1", "new").status == 409);
  CHECK(at(world.trunk("id-1").text(), "/tls/certificate") == "x\nleaf-foreign\n");
  world.turn(
      R"({"faults":[{"operation":"get","effect":"edits_only","times":1,"edits":[{"do":"status","trunk":"id-1","status":"inactive"}]}]})");
  CHECK(at(world.trunk("id-1").text(), "/status") == "inactive");
}
