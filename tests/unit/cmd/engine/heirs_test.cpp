// What a run does with the open soaks of an earlier one where there are two carriers, two colours, or a saved plan.
#include "tests/unit/cmd/engine/soaking.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

/// `east` and `north` on carrier a, `south` and `west` on b.
struct TwoCarriers : Timed {
  explicit TwoCarriers(const char* rollout) {
    for (const auto& name : k_names) add_trunk(name, "old");
    configure(k_names, "old", k_probing, rollout);
    move_to_carrier_b({"south", "west"});
    REQUIRE(run({"apply", "-auto-approve"}).code == 0);
    configure(k_names, "new", k_probing, rollout);
    move_to_carrier_b({"south", "west"});
    serve("new");
  }
  static inline const std::vector<std::string> k_names{"east", "north", "south", "west"};
};

/// `blue` and `green` of one group, and others of none, which have `old` and are to get `new`.
struct BlueGreen : Timed {
  bool two_carriers;  ///< blue's is another one than green's
  std::vector<std::string> names{"blue", "green"};

  std::string more;  ///< of each binding

  explicit BlueGreen(bool two = false, const std::vector<std::string>& others = {}, std::string and_more = k_probing)
      : two_carriers(two), more(std::move(and_more)) {
    names.insert(names.end(), others.begin(), others.end());
    for (const auto& name : names) add_trunk(name, "old");
    want("old");
    REQUIRE(run({"apply", "-auto-approve"}).code == 0);
    want("new");
    serve("new");
  }
  void want(const std::string& pair, const std::string& green_pair = "") {
    configure(names, pair, more, R"("canary": 0, "stagger": "0s", "soak": "10m")");
    if (two_carriers) move_to_carrier_b({"blue"});
    for (const std::string name : {"blue", "green"})
      edit(name, R"("trunk")", fmt::format(R"("group": "g", "colour": "{}", "trunk")", name));
    if (!green_pair.empty()) offer_to({"green"}, green_pair);
  }
  void stop_once_bound(std::size_t count) {
    stop_after = count;
    REQUIRE(run({"apply", "-auto-approve"}).code == 130);
    REQUIRE(bound.size() == count);
    stop_after = 0;
  }
};

}  // namespace

TEST_CASE("carriers go side by side, each with its canary and its own soak") {
  TwoCarriers scene(Soaking::k_canary);
  SUCCEEDS(scene.run({"apply", "-auto-approve"}));
  REQUIRE(scene.bound.size() == 4);
  CHECK(scene.bound_at("south") - scene.bound_at("east") < minutes(1));
  CHECK(scene.bound_at("north") >= scene.bound_at("east") + minutes(10));
  CHECK(scene.bound_at("west") >= scene.bound_at("south") + minutes(10));
  CHECK(scene.bound_at("west") - scene.bound_at("north") < minutes(1));
}

TEST_CASE("an open soak holds up its own carrier alone, and is nobody's canary on another") {
  TwoCarriers scene(Soaking::k_canary);
  scene.stop_after = 1;
  REQUIRE(scene.run({"apply", "-auto-approve", "-target=genesys_trunk_certificate.east"}).code == 130);
  scene.stop_after = 0;
  const auto start = scene.clock.now();
  SUCCEEDS(scene.run({"apply", "-auto-approve"}));
  REQUIRE(scene.bound.size() == 4);
  CHECK(scene.bound_at("south") - start < minutes(1));
  CHECK(scene.bound_at("west") >= scene.bound_at("south") + minutes(10));
  CHECK(scene.bound_at("north") >= scene.bound_at("east") + minutes(10));
}

TEST_CASE("open soaks of two carriers each hold up their own") {
  TwoCarriers scene(Soaking::k_canary);
  scene.stop_after = 2;
  REQUIRE(scene.run({"apply", "-auto-approve"}).code == 130);
  REQUIRE(scene.bound.size() == 2);
  scene.stop_after = 0;
  SUCCEEDS(scene.run({"apply", "-auto-approve"}));
  REQUIRE(scene.bound.size() == 4);
  CHECK(scene.bound_at("north") >= scene.bound_at("east") + minutes(10));
  CHECK(scene.bound_at("west") >= scene.bound_at("south") + minutes(10));
  for (const auto& name : TwoCarriers::k_names) CHECK(scene.settled(name));
}

TEST_CASE(
    "a chain that failed on one carrier is still tried on the other, by the run that holds it back on the first") {
  TwoCarriers scene(R"("canary": 1, "stagger": "0s", "soak": "0s")");
  scene.serve("old");
  REQUIRE(scene.run({"apply", "-auto-approve", "-target=genesys_trunk_certificate.east"}).code == 6);
  scene.serve("new");
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(says(ended, "failed on 1 trunk of carrier"));
  CHECK(ended.code == 1);
  CHECK(scene.live("north") == "old");
  CHECK(scene.live("south") == "new");
  CHECK(scene.live("west") == "new");
}

TEST_CASE("what is left of a soak is waited for, and not the whole of it again: by a new plan and by a saved one") {
  Timed scene;
  scene.record_old(Scene::k_probing, Soaking::k_canary);
  scene.serve("new");
  REQUIRE(scene.run({"plan", "-out=p"}).code == 0);
  scene.stop_after = 1;
  REQUIRE(scene.run({"apply", "p"}).code == 130);
  scene.stop_after = 0;
  scene.clock.advance(minutes(7));
  const std::vector<std::string> command =
      GENERATE(0, 1) == 0 ? std::vector<std::string>{"apply", "p"} : std::vector<std::string>{"apply", "-auto-approve"};
  SUCCEEDS(scene.run(command));
  REQUIRE(scene.bound.size() == 3);
  CHECK(scene.bound_at("north") >= scene.bound_at("east") + minutes(10));
  CHECK(scene.bound_at("north") < scene.bound_at("east") + minutes(11));
}

TEST_CASE("blue waits for a green that an earlier run bound, sees the end of its soak with it, and is done then") {
  BlueGreen scene(GENERATE(false, true));
  scene.stop_once_bound(1);
  REQUIRE(scene.live("green") == "new");
  SECTION("in time") { scene.clock.advance(minutes(3)); }
  SECTION("long after") { scene.clock.advance(hours(5)); }
  SUCCEEDS(scene.run({"apply", "-auto-approve"}));
  CHECK(scene.settled("green"));
  CHECK(scene.bound_at("blue") >= scene.bound_at("green") + minutes(10));
  CHECK(scene.settled("blue"));
}

TEST_CASE("blue waits for the whole soak of green without a port to look at too, by whatever run green was bound") {
  BlueGreen scene(GENERATE(false, true), {}, "");
  const bool by_earlier_run = GENERATE(false, true);
  if (by_earlier_run) {
    scene.stop_once_bound(1);
    scene.clock.advance(minutes(3));
  }
  SUCCEEDS(scene.run({"apply", "-auto-approve"}));
  CHECK(scene.bound_at("blue") >= scene.bound_at("green") + minutes(10));
  CHECK(scene.bound_at("blue") < scene.bound_at("green") + minutes(11));
}

TEST_CASE("where a green of an earlier run fails at the end of its soak, blue is left alone") {
  BlueGreen scene(GENERATE(false, true));
  scene.stop_once_bound(1);
  scene.serve("old");
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 6);
  CHECK(scene.live("green") == "old");
  CHECK(scene.bound.size() == 2);
  CHECK(scene.bound.back().first == "green");
}

TEST_CASE("where green waits for its window, blue is deferred until then with it, and nobody is held") {
  BlueGreen scene(GENERATE(false, true));
  // It is 12:00 UTC on a Tuesday.
  scene.edit("green", R"("when": "available")",
             R"("when": "available", "window": { "days": ["tue"], "start": "14:00", "for": "2h", "timezone": "UTC" })");
  const auto opens = scene.clock.now() + hours(2);
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  CHECK(says(ended, "2 deferred"));
  CHECK_FALSE(says(ended, "held back"));
  CHECK(scene.bound.empty());
  for (const auto& event : scene.events())
    if (const auto* deferred = std::get_if<Deferred>(&event.body))
      CHECK(std::chrono::abs(deferred->not_before - opens) < minutes(1));
  scene.clock.advance(hours(2));
  SUCCEEDS(scene.run({"apply", "-auto-approve"}));
  CHECK(scene.live("blue") == "new");
}

TEST_CASE("where green is held back because its chain failed on another trunk, so is blue") {
  BlueGreen scene(true, {"east"});
  scene.serve("old");
  REQUIRE(scene.run({"apply", "-auto-approve", "-target=genesys_trunk_certificate.east"}).code == 6);
  scene.serve("new");
  const auto binds = scene.bound.size();
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(says(ended, "it is not tried on others"));
  CHECK(says(ended, "1 held back"));
  CHECK(scene.bound.size() == binds);
}

TEST_CASE(
    "blue's soak that an earlier run left is seen to, with a green that has nothing to do and with one that has") {
  BlueGreen scene(GENERATE(false, true));
  scene.stop_once_bound(2);
  REQUIRE(scene.bound.back().first == "blue");
  SECTION("green is done") {
    SUCCEEDS(scene.run({"apply", "-auto-approve"}));
    CHECK(scene.bound.size() == 2);
    CHECK(scene.settled("blue"));
  }
  SECTION("green is to get another chain: no two wait for each other") {
    scene.make_pair("newer", hours(24 * 92));
    scene.want("new", "newer");
    scene.edit("green", "east.example.com", "green.example.com");
    scene.serve_at({{"east.example.com", "new"}, {"green.example.com", "newer"}});
    SUCCEEDS(scene.run({"apply", "-auto-approve"}));
    CHECK(scene.live("green") == "newer");
    CHECK(scene.live("blue") == "new");
  }
}

TEST_CASE("a rollback by hand that was cut short is finished once, and nobody looks at what it took off") {
  Soaking scene(Scene::k_probing, Soaking::k_canary, 1);
  scene.taps.refuse_bind = [](const TrunkId&) { return Error(ErrorCode::outcome_unknown, "the process ended here"); };
  REQUIRE(scene.run({"rollback", "-auto-approve", "genesys_trunk_certificate.east"}).code != 0);
  scene.taps.refuse_bind = {};
  REQUIRE(scene.live("east") == "new");
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 6);
  CHECK(scene.live("east") == "old");
  CHECK_FALSE(says(ended, "stale_live"));
  CHECK(says(ended, "it is not tried on others"));
  CHECK(scene.live("north") == "old");
}

TEST_CASE("a green whose soak failed when its run died is seen to before its blue, which stays as it is") {
  TurnsBad scene;
  scene.record_old(Scene::k_probing, R"("canary": 0, "stagger": "0s", "soak": "10m")");
  scene.move_to_carrier_b({"west"});
  scene.edit("east", R"("carrier": "a")", R"("carrier": "a", "group": "g", "colour": "green")");
  scene.edit("west", R"("carrier": "b")", R"("carrier": "b", "group": "g", "colour": "blue")");
  scene.die_at_first_read_after_soak();
  REQUIRE(scene.run({"apply", "-auto-approve", "-target=genesys_trunk_certificate.west"}).code != 0);
  scene.revive();
  REQUIRE(scene.live("east") == "new");
  const auto next = scene.run({"apply", "-auto-approve"});
  INFO(next.out << next.err);
  CHECK(scene.live("east") == "old");
  CHECK(scene.live("west") == "old");
}

TEST_CASE("a green that nobody saw behind its port holds its blue, unless that is accepted") {
  const bool is_accepted = GENERATE(false, true);
  BlueGreen scene(true);
  scene.tls.answer = [](const TlsProbePolicy&) -> Result<std::vector<ServedChain>> {
    return Error(ErrorCode::unavailable, "no route");
  };
  (void)scene.run({"apply", "-auto-approve"});
  REQUIRE(scene.live("green") == "new");
  REQUIRE(scene.live("blue") == "old");
  if (is_accepted) {
    auto text = scene.files.read("/conf/main.trunk.json", 1 << 20).value();
    const std::string policy = R"("canary": 0)";
    text.insert(text.find(policy), R"("unreachable": "accept", )");
    scene.write("main.trunk.json", text);
  }
  const auto next = scene.run({"apply", "-auto-approve"});
  INFO(next.out << next.err);
  CHECK(scene.live("blue") == (is_accepted ? "new" : "old"));
  CHECK(says(next, "could not be verified") != is_accepted);
  // When the port answers, the same run looks and goes on.
  scene.serve("new");
  (void)scene.run({"apply", "-auto-approve"});
  CHECK(scene.live("blue") == "new");
}

TEST_CASE("a green that is healthy and that a gate keeps from the new certificate holds its blue") {
  BlueGreen scene(true);
  SUCCEEDS(scene.run({"apply", "-auto-approve", "-target=genesys_trunk_certificate.green"}));
  const auto back = scene.run({"rollback", "-auto-approve", "genesys_trunk_certificate.green"});
  INFO(back.out << back.err);
  REQUIRE(scene.live("green") == "old");
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 1);
  CHECK(says(ended, "quarantined"));
  CHECK(says(ended, "1 held back"));
  CHECK(scene.live("blue") == "old");
}
