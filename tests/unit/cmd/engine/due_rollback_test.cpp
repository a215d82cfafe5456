// A rollback by hand that a run was too short for: it stays due until somebody does it, whatever runs in between.
#include "tests/unit/cmd/engine/scene.hpp"

using namespace trunkform;
using namespace trunkform::testing;

namespace {

/// `new` is bound everywhere, and a rollback of `east` ended between its intent and its PATCH.
struct Due : Scene {
  Due() {
    record_old();
    REQUIRE(run({"apply", "-auto-approve"}).code == 0);
    taps.refuse_bind = [](const TrunkId&) { return Error(ErrorCode::outcome_unknown, "as if it had ended here"); };
    const auto ended = run({"rollback", "-auto-approve", "-reason=one-way audio", "genesys_trunk_certificate.east"});
    INFO(ended.out << ended.err);
    REQUIRE(ended.code != 0);
    REQUIRE(live("east") == "new");
    REQUIRE(state().open_intents.size() == 1);
    taps = {};
  }
  bool is_done() { return live("east") == "old" && state().open_intents.empty(); }
};

}  // namespace

TEST_CASE("a rollback that was cut short is done by the next apply") {
  Due scene;
  const auto planned = scene.run({"plan"});
  INFO(planned.out << planned.err);
  CHECK(says(planned, "about to be rolled back when a run ended"));
  CHECK(says(planned, "one-way audio"));
  CHECK_FALSE(says(planned, "adopt"));
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(scene.is_done());
  REQUIRE(scene.state().resources.at(Scene::address("east")).quarantine);
  CHECK(scene.outcomes("east").back() == OutcomeKind::rolled_back);
}

TEST_CASE("a rollback that was cut short is still due after an apply that did not do it") {
  Due scene;
  SECTION("about another trunk") {
    SUCCEEDS(scene.run({"apply", "-auto-approve", "-target=genesys_trunk_certificate.north"}));
  }
  SECTION("not approved") { CHECK(scene.run({"apply"}).code == 1); }
  SECTION("refused by the service, which is away") {
    const auto why = GENERATE(ErrorCode::unavailable, ErrorCode::throttled);
    scene.taps.refuse_bind = [why](const TrunkId&) { return Error(why, "503, or 429"); };
    const auto away = scene.run({"apply", "-auto-approve"});
    INFO(away.out << away.err);
    CHECK(says(away, "the next run tries again"));
    scene.taps = {};
  }
  SECTION("out of time before its turn, with something to record about the trunk") {
    scene.configure({"east", "north", "west"}, "new", R"("lifecycle": { "prevent_destroy": true })");
    scene.taps.before_get = [&](const TrunkId&) { scene.clock.advance(std::chrono::seconds(10)); };
    const auto ended = scene.run({"apply", "-auto-approve", "-deadline=5s"});
    INFO(ended.out << ended.err);
    CHECK(ended.code == 1);
    CHECK(says(ended, "it is still to be rolled back"));
    scene.taps = {};
    CHECK(scene.state().resources.at(Scene::address("west")).prevent_destroy);
  }
  CHECK(scene.live("east") == "new");
  CHECK(scene.state().open_intents.size() == 1);
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(scene.is_done());
}

TEST_CASE("what is about to be taken off a trunk proves nothing for its chain, whoever takes it off") {
  Scene scene;
  scene.record_old(Scene::k_probing, R"("canary": 1, "stagger": "0s", "soak": "10m")");
  scene.serve("new");
  REQUIRE(scene.run({"apply", "-auto-approve", "-target=genesys_trunk_certificate.east"}).code == 0);
  scene.taps.refuse_bind = [](const TrunkId&) { return Error(ErrorCode::outcome_unknown, "as if it had ended here"); };
  REQUIRE(scene.run({"rollback", "-auto-approve", "genesys_trunk_certificate.east"}).code != 0);
  scene.taps = {};
  const auto planned = scene.run({"plan"});
  INFO(planned.out << planned.err);
  CHECK(says(planned, "0 to change"));
  SECTION("this run") {
    const auto ended = scene.run({"apply", "-auto-approve"});
    INFO(ended.out << ended.err);
    CHECK(ended.code == 6);
    CHECK(scene.live("east") == "old");
  }
  SECTION("a later one") {
    const auto ended = scene.run({"apply", "-auto-approve", "-target=genesys_trunk_certificate.north"});
    INFO(ended.out << ended.err);
    CHECK(ended.code == 6);
    CHECK(scene.live("east") == "new");
  }
  CHECK(scene.live("north") == "old");
  CHECK(scene.live("west") == "old");
}

TEST_CASE("a rollback whose end is not known stops the apply that began it") {
  Due scene;
  scene.bind_by_hand("north", "old");
  scene.taps.refuse_bind = [binds = 0](const TrunkId&) mutable -> std::optional<Error> {
    if (++binds == 1) return Error(ErrorCode::outcome_unknown, "the connection was cut");
    return std::nullopt;
  };
  const auto ended = scene.run({"apply", "-auto-approve", "-retry", "-replace=genesys_trunk_certificate.north"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 1);
  CHECK(scene.live("north") == "old");
  CHECK(scene.state().open_intents.size() == 1);
}

TEST_CASE("a rollback that was cut short stays due while its block is away") {
  Due scene;
  scene.configure({"north", "west"}, "new");
  CHECK(scene.run({"apply"}).code == 1);
  CHECK(scene.state().open_intents.size() == 1);
  scene.configure({"east", "north", "west"}, "new");
  (void)scene.run({"apply", "-auto-approve"});
  CHECK(scene.is_done());
}

TEST_CASE("a rollback that was cut short is not done on a trunk that a gate keeps from us") {
  Due scene;
  const auto state = scene.files.read("/conf/trunkform.state.json", 1 << 20).value();
  REQUIRE(scene.run({"workspace", "new", "other"}).code == 0);
  scene.write("trunkform.state.d/other/trunkform.state.json", state);
  REQUIRE(scene.run({"workspace", "select", "default"}).code == 0);
  const auto patches = scene.patches();
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code != 0);
  CHECK(says(ended, "belongs to another state"));
  CHECK(scene.patches() == patches);
  CHECK(scene.live("east") == "new");
}

TEST_CASE("a rollback that was cut short ends where it cannot or must not be done any more") {
  Due scene;
  SECTION("there is nothing to go back to") {
    REQUIRE(scene.files.remove("/conf/old.key"));
    const auto ended = scene.run({"apply", "-auto-approve"});
    INFO(ended.out << ended.err);
    CHECK(ended.code != 0);
    CHECK(says(ended, "it cannot be rolled back; what it has stays bound"));
    CHECK(scene.live("east") == "new");
    CHECK(scene.outcomes("east").back() == OutcomeKind::not_committed);
  }
  SECTION("the earlier key must not come back") {
    scene.configure({"east", "north", "west"}, "new", R"("replace_compromised": true)");
    SUCCEEDS(scene.run({"apply", "-auto-approve"}));
    CHECK(scene.live("east") == "new");
  }
  SECTION("another certificate is offered") {
    scene.make_pair("other", std::chrono::hours(24 * 92));
    scene.configure({"east", "north", "west"}, "other");
    SUCCEEDS(scene.run({"apply", "-auto-approve"}));
    CHECK(scene.live("east") == "other");
  }
  SECTION("somebody else bound something") {
    scene.make_pair("stranger");
    scene.bind_by_hand("east", "stranger");
    (void)scene.run({"apply", "-auto-approve"});
    CHECK(scene.outcomes("east")[1] == OutcomeKind::foreign);
    CHECK(scene.live("east") != "old");
  }
  CHECK(scene.state().open_intents.empty());
  CHECK(scene.run({"plan", "-detailed-exitcode"}).code == 0);
}

TEST_CASE("a rollback that was due, and whose earlier certificate fails on the wire, says so and what to do") {
  Due scene;
  scene.configure({"east", "north", "west"}, "new", Scene::k_probing);
  scene.serve("new");
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(scene.is_done());
  CHECK(ended.code == 6);
  CHECK(ended.err.find("the earlier certificate is bound again, and its check on the wire fails") != std::string::npos);
  CHECK(ended.err.find("look again: trunkform verify 'genesys_trunk_certificate.east'") != std::string::npos);
}
