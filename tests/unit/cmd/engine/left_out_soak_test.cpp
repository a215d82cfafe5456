// An apply of some addresses, and the canary of another one: no second canary is bound beside it.
#include "tests/unit/cmd/engine/scene.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using std::chrono::minutes;

namespace {

constexpr const char* k_canary = R"("canary": 1, "stagger": "0s", "soak": "10m")";

/// `east` is the canary of `new`, and its run was told to end before the end of its soak.
struct CanaryLeft : Scene {
  std::vector<Instant> bound;
  explicit CanaryLeft(const std::string& more = k_probing) {
    record_old(more, k_canary);
    taps.after_bind = [this](const TrunkId&) {
      bound.push_back(clock.now());
      if (bound.size() == 1) this->stop.request_stop();
    };
    serve("new");
    REQUIRE(run({"apply", "-auto-approve"}).code == 130);
    REQUIRE(live("east") == "new");
    stop = {};
  }
  Ended apply_north() { return run({"apply", "-auto-approve", "-target=genesys_trunk_certificate.north"}); }
  bool saw_the_end() {
    for (const auto& event : events())
      if (const auto* probed = std::get_if<Probed>(&event.body))
        if (probed->address == address("east") && probed->verification.settled.verdict == CheckVerdict::pass)
          return true;
    return false;
  }
};

}  // namespace

TEST_CASE("an apply of other trunks waits for the canary that it is not about, and looks at it") {
  CanaryLeft scene;
  const auto planned = scene.run({"plan", "-target=genesys_trunk_certificate.north"});
  CHECK_FALSE(says(planned, "as canary"));
  const auto ended = scene.apply_north();
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  CHECK(says(ended, "nothing is changed there"));
  REQUIRE(scene.bound.size() == 2);
  CHECK(scene.bound[1] >= scene.bound[0] + minutes(10));
  CHECK(scene.saw_the_end());
  CHECK(scene.live("north") == "new");
  CHECK(scene.live("west") == "old");
}

TEST_CASE("the same without a port to look at: the rest of the soak is waited for") {
  CanaryLeft scene("");
  const auto ended = scene.apply_north();
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  REQUIRE(scene.bound.size() == 2);
  CHECK(scene.bound[1] >= scene.bound[0] + minutes(10));
}

TEST_CASE("a canary that fails stops the apply of other trunks, which does not touch it") {
  CanaryLeft scene;
  scene.serve("old");
  const auto ended = scene.apply_north();
  INFO(ended.out << ended.err);
  CHECK(ended.code != 0);
  CHECK(scene.live("north") == "old");
  CHECK(scene.live("east") == "new");
  CHECK(scene.patches() == 1);
  REQUIRE(scene.state().resources.at(Scene::address("east")).failure);
  // Whoever is about all of them takes it back.
  CHECK(scene.run({"apply", "-auto-approve"}).code == 6);
  CHECK(scene.live("east") == "old");
}

TEST_CASE("an apply of trunks with another chain has nothing to do with that canary") {
  CanaryLeft scene;
  const auto before = scene.requests("GET", "east");
  scene.make_pair("other", std::chrono::hours(24 * 92));
  scene.configure({"east", "north", "west"}, "other", Scene::k_probing, k_canary);
  scene.serve("other");
  const auto ended = scene.apply_north();
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  CHECK(scene.live("north") == "other");
  CHECK(scene.requests("GET", "east") == before);
}

TEST_CASE("what somebody saw before the end of a soak is not its end") {
  CanaryLeft scene;
  scene.clock.advance(minutes(2));
  SECTION("well") {
    SUCCEEDS(scene.run({"verify", "-record", "genesys_trunk_certificate.east"}));
    const auto ended = scene.run({"apply", "-auto-approve"});
    INFO(ended.out << ended.err);
    CHECK(ended.code == 0);
    REQUIRE(scene.bound.size() == 3);
    CHECK(scene.bound[1] >= scene.bound[0] + minutes(10));
    CHECK(scene.saw_the_end());
  }
  SECTION("wrong: the next apply looks at its end, and takes it off") {
    scene.serve("old");
    CHECK(scene.run({"verify", "-record", "genesys_trunk_certificate.east"}).code == 2);
    CHECK(scene.live("east") == "new");
    const auto ended = scene.run({"apply", "-auto-approve"});
    INFO(ended.out << ended.err);
    CHECK(ended.code == 6);
    CHECK(scene.live("east") == "old");
    CHECK(scene.live("north") == "old");
  }
  SECTION("wrong, and then nothing is to be seen: no other trunk is tried") {
    scene.serve("old");
    CHECK(scene.run({"verify", "-record", "genesys_trunk_certificate.east"}).code == 2);
    scene.tls.answer = [](const TlsProbePolicy&) -> Result<std::vector<ServedChain>> {
      return Error(ErrorCode::unavailable, "no route to the port");
    };
    for (int i = 0; i < 2; ++i) CHECK(scene.run({"apply", "-auto-approve"}).code != 0);
    CHECK(scene.live("north") == "old");
    CHECK(scene.patches() == 1);
  }
}

TEST_CASE("a look at what somebody else bound is none at the recorded chain, which goes on to the other trunks") {
  CanaryLeft scene;
  scene.clock.advance(minutes(20));
  SUCCEEDS(scene.run({"apply", "-auto-approve", "-target=genesys_trunk_certificate.east"}));
  REQUIRE(scene.saw_the_end());
  scene.make_pair("stranger");
  SECTION("the API shows it") { scene.bind_by_hand("east", "stranger"); }
  SECTION("the API shows nothing, and the port presents it") {
    scene.bind_by_hand("east", "stranger");
    scene.turn(R"({"show_certificate":false})");
  }
  scene.serve("stranger");
  CHECK(scene.run({"verify", "-record", "genesys_trunk_certificate.east"}).code == 2);
  const auto look = scene.state().resources.at(Scene::address("east")).look;
  REQUIRE(look);
  CHECK(look->verdict == CheckVerdict::pass);
  std::string last_evidence;
  const auto events = scene.events();
  for (const auto& event : events)
    if (const auto* probed = std::get_if<Probed>(&event.body)) last_evidence = probed->verification.accepted.evidence;
  CHECK(last_evidence.find("instead of") != std::string::npos);
  CHECK_FALSE(says(scene.run({"plan"}), "is not tried on"));
}

TEST_CASE("a look at the end of a soak that was stopped half-way is none: the soak stays open") {
  CanaryLeft scene;
  scene.tls.answer = [&](const TlsProbePolicy&) -> Result<std::vector<ServedChain>> {
    scene.stop.request_stop();
    scene.abandon.request_stop();
    return Error(ErrorCode::cancelled, "stopped");
  };
  const auto stopped = scene.run({"apply", "-auto-approve", "-target=genesys_trunk_certificate.east"});
  INFO(stopped.out << stopped.err);
  CHECK(says(stopped, "stopped before the end of its soak was seen"));
  CHECK_FALSE(scene.state().resources.at(Scene::address("east")).look->settled);
  scene.stop = {};
  scene.abandon = {};
  scene.serve("new");
  SUCCEEDS(scene.run({"apply", "-auto-approve", "-target=genesys_trunk_certificate.east"}));
  CHECK(scene.saw_the_end());
}

TEST_CASE("a soak whose end no run saw is not said to have been seen to") {
  CanaryLeft scene;
  SECTION("out of time") {
    const auto ended = scene.run({"apply", "-auto-approve", "-deadline=1m"});
    INFO(ended.out << ended.err);
    CHECK_FALSE(says(ended, "end of the soak was seen to"));
  }
  SECTION("interrupted") {
    scene.taps.before_get = [&](const TrunkId&) { scene.stop.request_stop(); };
    const auto ended = scene.run({"apply", "-auto-approve"});
    INFO(ended.out << ended.err);
    CHECK(ended.code == 130);
    CHECK_FALSE(says(ended, "end of the soak was seen to"));
    scene.taps.before_get = {};
    scene.stop = {};
  }
  CHECK_FALSE(scene.saw_the_end());
  SUCCEEDS(scene.run({"apply", "-auto-approve"}));
  CHECK(scene.saw_the_end());
}
