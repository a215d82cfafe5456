// A plan that was reviewed, applied when the world may have gone on: what it finishes, and what it leaves alone.
#include <catch2/catch.hpp>

#include "tests/unit/cmd/engine/scene.hpp"

using namespace trunkform;
using trunkform::testing::Scene;

TEST_CASE("a saved plan finishes the run that was interrupted") {
  Scene scene;
  const bool had_a_state = GENERATE(true, false);
  CAPTURE(had_a_state);
  if (had_a_state) {
    scene.record_old();
  } else {
    // The plan is made before there is a state.
    for (const auto* name : {"east", "north", "west"}) scene.add_trunk(name, "old");
    scene.configure({"east", "north", "west"}, "new");
  }
  REQUIRE(scene.run({"plan", "-out=p"}).code == 0);
  scene.taps.before_bind = [&](const TrunkId&) { scene.stop.request_stop(); };
  CHECK(scene.run({"apply", "p"}).code == 130);
  CHECK(scene.patches() == 1);
  scene.taps.before_bind = {};
  SUCCEEDS(scene.run({"apply", "p"}));
  CHECK(scene.patches() == 3);
  SUCCEEDS(scene.run({"apply", "p"}));
  CHECK(scene.patches() == 3);
}

TEST_CASE("a plan that is made after a first run was cut short can be applied") {
  Scene scene;
  for (const auto* name : {"east", "north", "west"}) scene.add_trunk(name, "old");
  scene.configure({"east", "north", "west"}, "new");
  scene.taps.refuse_bind = [](const TrunkId&) { return Error(ErrorCode::outcome_unknown, "nobody knows"); };
  // The document of the first run is never written: only the log has it.
  scene.taps.before_bind = [&](const TrunkId&) { REQUIRE(scene.files.remove("/conf/.trunkform.lock")); };
  CHECK(scene.run({"apply", "-auto-approve"}).code != 0);
  REQUIRE_FALSE(scene.files.exists("/conf/trunkform.state.json").value());
  scene.taps = {};
  const auto planned = scene.run({"plan", "-out=p"});
  INFO(planned.out << planned.err);
  REQUIRE(planned.code == 0);
  SUCCEEDS(scene.run({"apply", "p"}));
  CHECK(scene.patches() == 3);
}

TEST_CASE("a service that gives chains back in another shape does not make a finished plan stale") {
  Scene scene;
  scene.record_old();
  scene.turn(R"({"give_back":"leaf_only"})");
  REQUIRE(scene.run({"plan", "-out=p"}).code == 0);
  SUCCEEDS(scene.run({"apply", "p"}));
  const auto done = scene.patches();
  SUCCEEDS(scene.run({"apply", "p"}));
  CHECK(scene.patches() == done);
}

TEST_CASE("a trunk whose certificate changed after the review is left alone, the rest is applied") {
  Scene scene;
  scene.record_old();
  scene.make_pair("stranger");
  REQUIRE(scene.run({"plan", "-out=p"}).code == 0);
  scene.bind_by_hand("north", "stranger");
  const auto ended = scene.run({"apply", "p"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 1);
  CHECK(ended.err.find("stale_live") != std::string::npos);
  CHECK(scene.live("north") == "stranger");
  CHECK(scene.live("west") == "new");
}

TEST_CASE("adopting by a reviewed plan looks at the trunk again") {
  Scene scene;
  for (const auto* name : {"east", "north"}) scene.add_trunk(name, "old");
  scene.configure({"east", "north"}, "old");
  scene.make_pair("stranger");
  REQUIRE(scene.run({"plan", "-out=p"}).code == 0);
  scene.bind_by_hand("north", "stranger");
  const auto ended = scene.run({"apply", "p"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 1);
  CHECK(ended.err.find("stale_live") != std::string::npos);
  const auto resources = scene.state().resources;
  CHECK(resources.contains(Scene::address("east")));
  CHECK_FALSE(resources.contains(Scene::address("north")));
}

TEST_CASE("a plan that would make two records of one trunk is refused before its PATCH") {
  Scene scene;
  scene.record_old();
  auto text = scene.files.read("/conf/main.trunk.json", 1 << 20).value();
  const std::string label = R"("east": { "trunk")";
  text.replace(text.find(label), label.size(), R"("renamed": { "trunk")");
  scene.write("main.trunk.json", text);
  const auto ended = scene.run({"apply", "-auto-approve", "-target=genesys_trunk_certificate.renamed"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 1);
  CHECK(scene.live("east") == "old");
  CHECK(ended.err.find("state mv") != std::string::npos);
  CHECK(ended.err.find("could not be written") == std::string::npos);
}

TEST_CASE("who reviewed a plan of what is quarantined said all that -retry says; what fails later is not meant") {
  Scene scene;
  scene.record_old();
  REQUIRE(scene.run({"apply", "-auto-approve"}).code == 0);
  REQUIRE(scene.run({"rollback", "-auto-approve", "genesys_trunk_certificate.east"}).code == 0);
  REQUIRE(scene.live("east") == "old");
  scene.clock.advance(std::chrono::minutes(1));
  REQUIRE(scene.run({"plan", "-retry", "-out=p"}).code == 0);
  scene.clock.advance(std::chrono::minutes(1));
  SECTION("as it was reviewed") {
    SUCCEEDS(scene.run({"apply", "p"}));
    CHECK(scene.live("east") == "new");
  }
  SECTION("it failed once more in between") {
    SUCCEEDS(scene.run({"apply", "-auto-approve", "-retry"}));
    REQUIRE(scene.run({"rollback", "-auto-approve", "genesys_trunk_certificate.east"}).code == 0);
    const auto ended = scene.run({"apply", "p"});
    INFO(ended.out << ended.err);
    CHECK(says(ended, "failed on this trunk after the plan was made"));
    CHECK(scene.live("east") == "old");
  }
}
