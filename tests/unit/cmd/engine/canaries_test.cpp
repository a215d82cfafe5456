// A canary that drops out or fails while its apply runs: who comes next, and who does not.
#include "tests/unit/cmd/engine/soaking.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using std::chrono::hours;
using std::chrono::minutes;

TEST_CASE("a canary whose trunk changed after the review is followed by another canary") {
  Timed scene;
  scene.record_old(Scene::k_probing, Soaking::k_canary);
  scene.serve("new");
  scene.make_pair("stranger");
  REQUIRE(scene.run({"plan", "-out=p"}).code == 0);
  scene.bind_by_hand("east", "stranger");
  const auto ended = scene.run({"apply", "p"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 1);
  CHECK(says(ended, "stale_live"));
  CHECK(scene.bound_at("west") >= scene.bound_at("north") + minutes(10));
}

TEST_CASE("a canary whose window closes during the soak of another chain's is followed by another canary") {
  const std::vector<std::string> names{"east", "north", "south", "west"};
  Timed scene;
  for (const auto& name : names) scene.add_trunk(name, "old");
  scene.configure(names, "old", "", Soaking::k_canary);
  REQUIRE(scene.run({"apply", "-auto-approve"}).code == 0);
  scene.make_pair("other", hours(24 * 92));
  scene.configure(names, "new", "", Soaking::k_canary);
  scene.offer_to({"east"}, "other");
  // It is 12:00 UTC on a Tuesday.
  scene.edit("north", R"("when": "available")",
             R"("when": "available", "window": { "days": ["tue"], "start": "12:00", "for": "5m", "timezone": "UTC" })");
  SUCCEEDS(scene.run({"apply", "-auto-approve"}));
  CHECK(scene.live("east") == "other");
  CHECK(scene.live("north") == "old");
  CHECK(scene.bound_at("west") >= scene.bound_at("south") + minutes(10));
}

TEST_CASE("where the canary fails no other trunk of its chain is touched, and the summary says because of whom") {
  Timed scene;
  scene.record_old(Scene::k_probing, R"("canary": 1, "stagger": "0s", "soak": "10m", "max_failures": 1)");
  scene.serve("old");
  const bool json = GENERATE(false, true);
  const auto ended = json ? scene.run({"apply", "-auto-approve", "-json"}) : scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 6);
  CHECK(says(ended, json ? R"("held_behind":[{"addr":"genesys_trunk_certificate.east","trunks":2}])"
                         : "2 held back: genesys_trunk_certificate.east, the canary of their chain on their carrier, "
                           "failed"));
  CHECK_FALSE(says(ended, "green"));
  for (const auto* name : {"north", "west"}) {
    CHECK(scene.live(name) == "old");
    CHECK(scene.requests("PATCH", name) == 0);
  }
}

TEST_CASE("a canary on which somebody else wrote says nothing against the chain: another one tries it") {
  Timed scene;
  scene.make_pair("other");
  scene.record_old("", R"("canary": 1, "stagger": "0s", "soak": "10m", "max_failures": 2)");
  auto listen = scene.taps.after_bind;
  scene.taps.after_bind = [&, listen, done = false](const TrunkId& id) mutable {
    listen(id);
    if (!std::exchange(done, true)) scene.bind_by_hand("east", "other");
  };
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(scene.live("east") == "other");
  CHECK(scene.live("north") == "new");
  CHECK(scene.bound_at("west") >= scene.bound_at("north") + minutes(10));
}
