// What a run that ended early leaves to the next one: soaks, and chains that failed.
#include "tests/unit/cmd/engine/soaking.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using std::chrono::hours;
using std::chrono::minutes;

TEST_CASE("a canary whose soak was cut short stays the canary: the next run sees its end before it goes on") {
  Soaking scene(Scene::k_probing, Soaking::k_canary, 1);
  const auto planned = scene.run({"plan"});
  INFO(planned.out << planned.err);
  CHECK(says(planned, "no run saw the end of its soak"));
  CHECK_FALSE(says(planned, "as canary"));
  CHECK(says(planned, "Rollout: 2 trunks in 1 wave, 9 API requests, about 20 min"));
  SECTION("at once") {}
  SECTION("when its time is long over") { scene.clock.advance(hours(5)); }
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  REQUIRE(scene.bound.size() == 3);
  CHECK(scene.bound[1].second >= scene.bound[0].second + minutes(10));
  CHECK(scene.bound[2].second - scene.bound[1].second < minutes(1));
  CHECK(scene.settled("east"));
  CHECK(scene.settled("west"));
  // Nothing is left to be seen.
  const auto requests = scene.requests("GET", "east");
  CHECK(scene.run({"apply", "-auto-approve"}).code == 0);
  CHECK(scene.requests("GET", "east") == requests);
}

TEST_CASE("what is seen to be wrong at the end of a soak that was cut short goes back, and nothing else is touched") {
  Soaking scene(Scene::k_probing, Soaking::k_canary, 1);
  scene.serve("old");
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 6);
  CHECK(scene.outcomes("east").back() == OutcomeKind::rolled_back);
  CHECK(scene.live("east") == "old");
  CHECK(scene.live("north") == "old");
}

TEST_CASE("also the last soak is seen to, by a run that has nothing to bind") {
  Soaking scene(Scene::k_probing, Soaking::k_no_canary, 3);
  scene.clock.advance(hours(1));
  const auto planned = scene.run({"plan", "-detailed-exitcode"});
  INFO(planned.out << planned.err);
  CHECK(planned.code == 0);
  CHECK_FALSE(scene.settled("east"));
  SECTION("nobody approves what may follow") {
    scene.serve("old");
    CHECK(scene.run({"apply"}).code == 1);
    CHECK(scene.patches() == 3);
  }
  SECTION("all is well") {
    const auto ended = scene.run({"apply", "-auto-approve"});
    INFO(ended.out << ended.err);
    CHECK(ended.code == 0);
    for (const auto* name : {"east", "north", "west"}) CHECK(scene.settled(name));
    CHECK(scene.patches() == 3);
    CHECK(says(ended, "3 bound by an earlier run: the end of the soak was seen to"));
    CHECK_FALSE(says(ended, "had the planned certificate already"));
  }
  SECTION("somebody was there meanwhile") {
    scene.make_pair("stranger");
    scene.taps.before_get = [&, done = false](const TrunkId&) mutable {
      if (!std::exchange(done, true)) scene.bind_by_hand("east", "stranger");
    };
    const auto ended = scene.run({"apply", "-auto-approve"});
    INFO(ended.out << ended.err);
    CHECK(ended.code != 0);
    CHECK(says(ended, "stale_live"));
    CHECK(scene.live("east") == "stranger");
  }
}

TEST_CASE("a soak that was seen to its end is over, whatever is configured later") {
  Scene scene;
  scene.record_old(Scene::k_probing, Soaking::k_no_canary);
  scene.serve("new");
  REQUIRE(scene.run({"apply", "-auto-approve"}).code == 0);
  scene.clock.advance(hours(24 * 30));
  scene.configure({"east", "north", "west"}, "new", Scene::k_probing, R"("canary": 0, "stagger": "0s", "soak": "1h")");
  scene.serve("old");
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(scene.patches() == 3);
  CHECK(scene.live("east") == "new");
}

TEST_CASE("a canary that somebody took off is no canary") {
  Soaking scene(Scene::k_probing, Soaking::k_canary, 1);
  scene.bind_by_hand("east", "old");
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(scene.live("east") == "old");
  REQUIRE(scene.bound.size() == 3);
  CHECK(scene.bound[2].second >= scene.bound[1].second + minutes(10));
}

TEST_CASE("what somebody binds by hand while a run looks says nothing against the certificate of the run") {
  Timed scene;
  scene.make_pair("other");
  const std::string then = GENERATE("stop", "rollback");
  const bool at_soak_end = GENERATE(false, true);
  scene.record_old(Scene::k_probing, R"("canary": 1, "stagger": "0s", "soak": "10m", "on_failure": ")" + then + "\"");
  scene.serve("other");
  const auto other = scene.tls.answer;
  scene.serve("new");
  const auto ours = scene.tls.answer;
  bool by_hand = false;
  scene.tls.answer = [&](const TlsProbePolicy& policy) {
    const bool is_end = !scene.bound.empty() && scene.clock.now() >= scene.bound[0].second + minutes(10);
    if (!scene.bound.empty() && !by_hand && is_end == at_soak_end) {
      scene.bind_by_hand("east", "other");
      by_hand = true;
    }
    return by_hand ? other(policy) : ours(policy);
  };
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  REQUIRE(by_hand);
  CHECK(ended.code == 1);
  CHECK(says(ended, "somebody else bound " + scene.leaf_of("other")));
  CHECK(scene.patches() == 1);
  CHECK(scene.live("east") == "other");
  CHECK(scene.outcomes("east").back() == OutcomeKind::foreign);
  const auto record = scene.state().resources.at(Scene::address("east"));
  CHECK_FALSE(record.failure);
  CHECK((!record.look || record.look->verdict == CheckVerdict::pass));
  // The chain is not held back elsewhere.
  scene.tls.answer = ours;
  const auto planned = scene.run({"plan"});
  CHECK_FALSE(says(planned, "failed on"));
}

TEST_CASE("a run that dies after it saw the soak fail leaves the soak open: the next one sees it too, and goes back") {
  TurnsBad scene;
  scene.record_old(Scene::k_probing, R"("canary": 1, "stagger": "0s", "soak": "10m")");
  scene.die_at_first_read_after_soak();
  REQUIRE(scene.run({"apply", "-auto-approve"}).code != 0);
  scene.revive();
  REQUIRE(scene.live("east") == "new");
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 6);
  CHECK(scene.live("east") == "old");
  CHECK(scene.outcomes("east").back() == OutcomeKind::rolled_back);
  CHECK(scene.live("north") == "old");
}

TEST_CASE("whoever takes ours back by hand during the soak is not overruled, and the chain is not blamed") {
  Timed scene;
  scene.record_old(Scene::k_probing, R"("canary": 1, "stagger": "0s", "soak": "10m")");
  scene.serve("old");
  const auto old = scene.tls.answer;
  scene.serve("new");
  bool by_hand = false;
  scene.taps.before_get = [&](const TrunkId&) {
    if (by_hand || scene.bound.empty() || scene.clock.now() < scene.bound[0].second + minutes(10)) return;
    by_hand = true;
    scene.bind_by_hand("east", "old");
    scene.tls.answer = old;
  };
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  REQUIRE(by_hand);
  CHECK(scene.patches() == 1);
  CHECK(scene.outcomes("east").back() == OutcomeKind::foreign);
  CHECK_FALSE(scene.state().resources.at(Scene::address("east")).quarantine);
}

TEST_CASE("a trunk that goes out of service during its soak fails it, whatever its port serves") {
  Timed scene;
  scene.record_old(Scene::k_probing, R"("canary": 1, "stagger": "0s", "soak": "10m")");
  scene.serve("new");
  scene.taps.before_get = [&, done = false](const TrunkId&) mutable {
    const bool is_over = !scene.bound.empty() && scene.clock.now() >= scene.bound[0].second + minutes(10);
    if (is_over && !std::exchange(done, true))
      scene.turn(R"({"edits":[{"do":"status","trunk":"east","status":"inactive"}]})");
  };
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 6);
  CHECK(says(ended, "status went from active to inactive"));
  CHECK(scene.live("east") == "old");
  CHECK(scene.live("north") == "old");
}

TEST_CASE("what a gate keeps from us is not looked at to be taken back") {
  Soaking scene(Scene::k_probing, Soaking::k_canary, 1);
  const auto pulled = scene.run({"state", "pull"});
  scene.write("pulled.json", pulled.out);
  REQUIRE(scene.run({"workspace", "new", "other"}).code == 0);
  scene.write("trunkform.state.d/other/trunkform.state.json", pulled.out);
  REQUIRE(scene.run({"workspace", "select", "default"}).code == 0);
  scene.serve("old");
  const auto patches = scene.patches();
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 1);
  CHECK(says(ended, "belongs to another state"));
  CHECK(scene.patches() == patches);
}

TEST_CASE("a saved plan does not find there what has failed: it takes it back, or says so where the policy leaves it") {
  Scene scene;
  const std::string then = GENERATE("stop", "rollback");
  scene.record_old(Scene::k_probing, R"("canary": 1, "stagger": "0s", "soak": "0s", "on_failure": ")" + then + "\"");
  REQUIRE(scene.run({"plan", "-out=p"}).code == 0);
  scene.serve("old");
  // The way back is refused at first: what failed stays bound.
  scene.taps.refuse_bind = [binds = 0](const TrunkId&) mutable -> std::optional<Error> {
    if (++binds == 1) return std::nullopt;
    return Error(ErrorCode::rejected, "the service says no");
  };
  REQUIRE(scene.run({"apply", "p"}).code != 0);
  REQUIRE(scene.live("east") == "new");
  scene.taps.refuse_bind = {};
  const auto again = scene.run({"apply", "p"});
  INFO(again.out << again.err);
  CHECK(again.code != 0);
  CHECK(scene.live("north") == "old");
  if (then == "stop") {
    CHECK(says(again, "failed its verification"));
  } else {
    CHECK(scene.live("east") == "old");
    CHECK(scene.outcomes("east").back() == OutcomeKind::rolled_back);
  }
}

TEST_CASE("who has no certificate, or not for long, is not held back by what failed elsewhere") {
  Scene scene;
  scene.record_old(Scene::k_probing, R"("canary": 1, "stagger": "0s", "soak": "0s")");
  scene.serve("old");
  REQUIRE(scene.run({"apply", "-auto-approve"}).code == 6);
  scene.serve("new");
  REQUIRE(scene.run({"apply", "-auto-approve"}).code == 1);
  REQUIRE(scene.live("north") == "old");
  scene.clock.advance(hours(24 * 85));
  (void)scene.run({"apply", "-auto-approve"});
  CHECK(scene.live("north") == "new");
  CHECK(scene.live("west") == "new");
}

TEST_CASE(
    "without a port to look at a soak is a pause, which the next run keeps before it goes on, and not for nothing") {
  Soaking scene("", Soaking::k_canary, 1);
  const auto begun = scene.clock.now();
  SECTION("more trunks are to get that chain") {
    CHECK(scene.run({"apply", "-auto-approve"}).code == 0);
    CHECK(scene.bound[1].second >= scene.bound[0].second + minutes(10));
  }
  SECTION("none is") {
    scene.configure({"east"}, "new", "", Soaking::k_canary);
    CHECK(scene.run({"apply", "-auto-approve"}).code == 0);
    CHECK(scene.clock.now() - begun < minutes(1));
  }
}

TEST_CASE(
    "a chain that failed on one trunk of a carrier is not tried on the next, until it changes or somebody insists") {
  Scene scene;
  scene.record_old(Scene::k_probing, R"("canary": 1, "stagger": "0s", "soak": "0s")");
  scene.serve("old");
  REQUIRE(scene.run({"apply", "-auto-approve"}).code == 6);
  REQUIRE(scene.outcomes("east").back() == OutcomeKind::rolled_back);
  const auto before = scene.patches();
  const auto planned = scene.run({"plan"});
  INFO(planned.out << planned.err);
  CHECK(says(planned, "failed on 1 trunk of carrier"));
  CHECK(says(planned, "is not tried on the 2 of this plan"));
  const auto again = scene.run({"apply", "-auto-approve"});
  INFO(again.out << again.err);
  CHECK(again.code == 1);
  CHECK(says(again, "it is not tried on others"));
  CHECK(scene.patches() == before);
  SECTION("somebody insists") {
    scene.serve("new");
    CHECK_FALSE(says(scene.run({"plan", "-retry"}), "is not tried on"));
    CHECK(scene.run({"apply", "-auto-approve", "-retry"}).code == 0);
    CHECK(scene.live("west") == "new");
  }
  SECTION("another chain") {
    scene.make_pair("other", hours(24 * 91));
    scene.configure({"east", "north", "west"}, "other", Scene::k_probing);
    scene.serve("other");
    CHECK(scene.run({"apply", "-auto-approve"}).code == 0);
    CHECK(scene.live("west") == "other");
  }
}

TEST_CASE("a rollback that an earlier run left ends the run as it would have ended that one") {
  Timed scene;
  scene.record_old(Scene::k_probing, R"("canary": 1, "stagger": "0s", "soak": "0s", "on_failure": "stop")");
  scene.serve("old");
  REQUIRE(scene.run({"apply", "-auto-approve"}).code != 0);
  // The others are to get another chain, against which nothing is known.
  scene.make_pair("other", hours(24 * 91));
  scene.configure({"east", "north", "west"}, "new", Scene::k_probing);
  scene.offer_to({"north", "west"}, "other");
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 6);
  CHECK(scene.live("east") == "old");
  CHECK(scene.live("north") == "old");
  CHECK(says(ended, "an interrupted run failed on 1 trunk"));
}
