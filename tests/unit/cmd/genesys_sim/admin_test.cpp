#include <catch2/catch.hpp>

#include "tests/unit/cmd/genesys_sim/world.hpp"

using namespace trunkform::sim::testing;
using namespace trunkform::sim;
using namespace std::chrono_literals;

TEST_CASE("somebody else binds, unbinds, renames, changes a status, deletes, recreates and creates") {
  World world;
  std::vector<std::string> bound;
  world.service.on_bind([&](const BindNotice& notice) { bound.push_back(notice.trunk_name); });
  world.turn(R"({"edits":[{"do":"bind","trunk":"Trunk 1","certificate":"-\nleaf-f\n-","private_key":"k"},
                          {"do":"rename","trunk":"id-2","name":"Renamed"},{"do":"status","trunk":"id-2","status":"down"},
                          {"do":"recreate","trunk":"Trunk 3"},{"do":"create","name":"Trunk 1"}]})");
  CHECK(bound == std::vector<std::string>{"Trunk 1"});
  CHECK(at(world.trunk("id-1").text(), "/tls/certificate") == "-\nleaf-f\n-");
  CHECK(at(world.trunk("id-2").text(), "/name") == "Renamed");
  CHECK(at(world.trunk("id-2").text(), "/status") == "down");
  CHECK(world.trunk("id-3").status == 404);
  const auto listed = world.list();
  CHECK(at(listed.text(), "/total") == "4");
  CHECK(at(listed.text(), "/entities/2/name") == "Trunk 3");
  CHECK(at(listed.text(), "/entities/2/id").size() == 36);
  CHECK(at(listed.text(), "/entities/2/tls/certificate") == "null");
  CHECK(at(listed.text(), "/entities/3/name") == "Trunk 1");
  world.turn(R"({"edits":[{"do":"delete","trunk":"id-1"},{"do":"unbind","trunk":"id-2"}]})");
  CHECK(world.trunk("id-1").status == 404);
  CHECK(at(world.trunk("id-2").text(), "/tls/certificate") == "null");
  CHECK(world.violations() == 0);
}

TEST_CASE("knobs that are wrong are refused with the key's name, and nothing of them takes effect") {
  World world;
  const std::vector<std::pair<std::string, std::string>> rows{
      {"nonsense", "not JSON"},
      {"[]", "must be an object"},
      {R"({"read_lga":"1s"})", "read_lga"},
      {R"({"read_lag":1})", "read_lag"},
      {R"({"read_lag":"-1s"})", "read_lag"},
      {R"({"read_lag":"soon"})", "read_lag"},
      {R"({"requests_per_minute":-1})", "requests_per_minute"},
      {R"({"show_certificate":"no"})", "show_certificate"},
      {R"({"give_back":"sideways"})", "sideways"},
      {R"({"organisation":{"status":99}})", "status"},
      {R"({"faults":{}})", "faults"},
      {R"({"faults":[{}]})", "effect"},
      {R"({"faults":[{"effect":"boom"}]})", "boom"},
      {R"({"faults":[{"effect":"error","operation":"dance"}]})", "operation"},
      {R"({"faults":[{"effect":"error","when":"never"}]})", "when"},
      {R"({"faults":[{"effect":"error","until":"tomorrow"}]})", "until"},
      {R"({"faults":[{"effect":"error","colour":"red"}]})", "colour"},
      {R"({"faults":[{"effect":"error","edits":[{"do":"bind","trunk":"x"}]}]})", "certificate"},
      {R"({"edits":[{"trunk":"id-1"}]})", "'do'"},
      {R"({"edits":[{"do":"delete"}]})", "'trunk'"},
      {R"({"edits":[{"do":"delete","trunk":"nobody"}]})", "nobody"},
      {R"({"edits":[{"do":"bind","trunk":"id-1","certificate":"junk"}]})", "could not be read"},
      {R"({"sip":[{"trunk":"nobody","serve":"refuse"}]})", "nobody"},
      {R"({"sip":[{"serve":"tea"}]})", "tea"},
      {R"({"sip":[{"serve":"wrong","certificate":"junk"}]})", "could not be read"},
      {R"({"requests_per_minute":7,"edits":[{"do":"delete","trunk":"id-1"},{"do":"delete","trunk":"nobody"}]})",
       "nobody"}};
  for (const auto& [knobs, word] : rows) {
    const auto response = world.raw({"POST", "/_sim/knobs", "", {}, knobs, {}});
    INFO(knobs);
    CHECK(response.status == 400);
    CHECK(at(response.text(), "/error").find(word) != std::string::npos);
  }
  CHECK(at(world.admin("knobs"), "/requests_per_minute") == "300");
  CHECK(world.trunk("id-1").status == 200);
}

TEST_CASE("knobs are turned over the admin endpoint and shown there") {
  World world;
  const auto turned =
      world.raw({"POST", "/_sim/knobs", "", {}, R"({"read_lag":"1m30s","requests_per_minute":10000})", {}});
  CHECK(turned.status == 200);
  CHECK(at(turned.text(), "/read_lag") == "1m30s");
  CHECK(at(world.admin("knobs"), "/requests_per_minute") == "10000");
  CHECK(world.raw({"DELETE", "/_sim/violations", "", {}, "", {}}).status == 404);
}

TEST_CASE("the request log has method, path, status, time and fault, can be read from a number on, and no secret") {
  World world;
  world.turn(R"({"faults":[{"operation":"get","effect":"error","times":1}]})");
  world.list("pageSize=7");
  world.pass(2s);
  world.trunk("id-1");
  world.bind("id-1", "new");
  const auto log = world.admin("requests");
  REQUIRE(length(log, "/requests") == 3);
  CHECK(at(log, "/last") == "3");
  CHECK(at(log, "/requests/0/operation") == "list");
  CHECK(at(log, "/requests/0/path") == k_trunks);
  CHECK(at(log, "/requests/1/status") == "503");
  CHECK(at(log, "/requests/1/fault") == "error");
  CHECK(at(log, "/requests/1/time") == "2026-11-24T00:00:02Z");
  CHECK(at(log, "/requests/2/method") == "PATCH");
  CHECK(length(world.admin("requests", "after=2"), "/requests") == 1);
  CHECK(log.find("static-token") == std::string::npos);
  const auto summary = world.admin("summary");
  CHECK(at(summary, "/by_operation/patch") == "1");
  CHECK(at(summary, "/by_status/503") == "1");
  CHECK(at(summary, "/patches_committed") == "1");
  CHECK(at(summary, "/faults") == "1");
}

TEST_CASE("the state shows each trunk with the fingerprints of what is bound") {
  World world;
  world.bind("id-2", "new");
  const auto state = world.admin("state");
  CHECK(at(state, "/trunks/1/id") == "id-2");
  CHECK(at(state, "/trunks/1/patches") == "1");
  CHECK(at(state, "/trunks/1/leaf") ==
        trunkform::to_hex(world.judge.judge(chain("new"), key("new"), world.now).identity.leaf));
  CHECK(at(state, "/trunks/0/leaf") != at(state, "/trunks/1/leaf"));
}

TEST_CASE("a SIP port is told to serve what is bound, later, a stranger's, or nothing") {
  World world;
  const auto serves = [&](const std::string& id) { return world.service.serving(id, world.now); };
  world.pass(1h);
  CHECK(serves("id-1")->pair->certificate == chain("old"));
  CHECK_FALSE(serves("gone").has_value());
  world.turn(R"({"sip":[{"trunk":"Trunk 1","delay":"30s"}]})");
  world.bind("id-1", "new");
  world.bind("id-2", "new");
  CHECK(serves("id-1")->pair->certificate == chain("old"));
  CHECK(serves("id-2")->pair->certificate == chain("new"));
  world.pass(30s);
  CHECK(serves("id-1")->pair->certificate == chain("new"));
  world.service.set_stranger(world.service.make_pair(chain("stranger"), key("stranger"), world.now));
  world.turn(
      R"({"sip":[{"trunk":"id-1","serve":"wrong"},{"trunk":"id-2","serve":"refuse"},{"trunk":"id-3","serve":"silent"}]})");
  CHECK(serves("id-1")->pair->certificate == chain("stranger"));
  CHECK(serves("id-2")->mode == ServeMode::refuse);
  CHECK(serves("id-3")->mode == ServeMode::silent);
  world.turn(R"({"sip":[{"serve":"wrong","certificate":"-\nleaf-w\n","private_key":"k"}],"close_sessions":true})");
  CHECK(serves("id-3")->pair->certificate == "-\nleaf-w\n");
  CHECK(serves("id-3")->close_sessions);
  world.turn(R"({"sip":[{"serve":"bound"}],"serve_delay":"1h"})");
  CHECK(serves("id-2")->pair->certificate == chain("old"));
}

TEST_CASE("the same seed gives the same ids and organisation, another seed others") {
  const auto state = [](std::uint64_t seed) {
    auto options = World::default_options();
    options.seed = seed;
    World world(0, options);
    world.service.add_trunk({"", "Trunk", "active", "", nullptr}, world.now);
    return world.admin("state");
  };
  CHECK(state(1) == state(1));
  CHECK(state(1) != state(2));
}
