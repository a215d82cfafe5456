// What failed stays known: it is told, looked at again, rolled back, and not tried on others. And what a plan from a
// file may no longer do.
#include <catch2/catch.hpp>

#include "tests/unit/cmd/engine/scene.hpp"

using namespace trunkform;
using trunkform::testing::Scene;
using namespace std::chrono_literals;

namespace {

/// The run ends right after its first PATCH: no outcome reaches the disk.
void kill_after_first_bind(Scene& scene, std::vector<std::string> command = {"apply", "-auto-approve"}) {
  auto& faults = scene.files.kernel().faults();
  scene.taps.after_bind = [&](const TrunkId&) {
    const auto next = faults.sites().size() + 1;
    for (std::uint64_t n = next; n < next + 5000; ++n) faults.fail_at(n, platform::Fault::io_error);
  };
  CHECK(scene.run(std::move(command)).code != 0);
  faults.clear();
  scene.taps = {};
}

}  // namespace

TEST_CASE("a rollback that is due is not forgotten by a run that nobody approved") {
  Scene scene;
  scene.record_old(Scene::k_probing);
  scene.serve("old");
  kill_after_first_bind(scene);
  REQUIRE(scene.live("east") == "new");
  CHECK(scene.run({"apply", "-input=false"}).code == 1);
  CHECK(scene.live("east") == "new");
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 6);
  CHECK(scene.live("east") == "old");
  CHECK(scene.state().resources.at(Scene::address("east")).quarantine);
  // And what just failed there is not tried on the next trunk by the same run.
  CHECK(scene.live("north") == "old");
  CHECK(scene.patches() == 2);
}

TEST_CASE("a trunk whose status fell behind an interrupted bind does not verify") {
  Scene scene;
  scene.record_old();
  kill_after_first_bind(scene);
  scene.turn(R"({"edits":[{"do":"status","trunk":"east","status":"failed"}]})");
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 6);
  CHECK(scene.live("east") == "old");
  CHECK(scene.live("north") == "old");
}

TEST_CASE("what failed and stayed bound is an error of every plan until it verifies, and is not tried on others") {
  Scene scene;
  scene.record_old(Scene::k_probing, R"("canary": 1, "stagger": "0s", "soak": "0s", "on_failure": "stop")");
  scene.serve("old");
  CHECK(scene.run({"apply", "-auto-approve"}).code != 0);
  REQUIRE(scene.live("east") == "new");
  REQUIRE(scene.state().resources.at(Scene::address("east")).failure);
  const auto planned = scene.run({"plan"});
  INFO(planned.out << planned.err);
  CHECK(planned.code == 1);
  CHECK(says(planned, "failed its verification, and is still bound"));
  CHECK(says(planned, "trunkform rollback 'genesys_trunk_certificate.east'"));
  CHECK(says(planned, "# genesys_trunk_certificate.north is held back"));
  CHECK(says(planned, "Plan: 0 to add, 0 to change, 0 to destroy."));
  CHECK(says(planned, "2 held back"));
  CHECK_FALSE(says(planned, "Rollout:"));
  // There is nothing to approve.
  CHECK(says(scene.run({"apply"}), "it is not tried on others"));
  const auto again = scene.run({"apply", "-auto-approve"});
  INFO(again.out << again.err);
  CHECK(again.code == 1);
  CHECK(says(again, "it is not tried on others"));
  CHECK(scene.patches() == 1);
  SECTION("by and by the carrier serves it") {
    scene.serve("new");
    const auto mended = scene.run({"apply", "-auto-approve"});
    INFO(mended.out << mended.err);
    CHECK(mended.code == 0);
    CHECK_FALSE(scene.state().resources.at(Scene::address("east")).failure);
    CHECK(scene.live("west") == "new");
    CHECK(scene.run({"plan", "-detailed-exitcode"}).code == 0);
  }
  SECTION("it is rolled back by hand") {
    const auto back = scene.run({"rollback", "-auto-approve", "genesys_trunk_certificate.east"});
    INFO(back.out << back.err);
    CHECK(back.code == 0);
    CHECK(scene.live("east") == "old");
    CHECK_FALSE(scene.state().resources.at(Scene::address("east")).failure);
    CHECK(says(back, "not bound on this trunk again until the source offers another chain"));
  }
  SECTION("it is rolled back by hand when the source offers another one already") {
    scene.make_pair("better", std::chrono::hours(24 * 92));
    scene.configure({"east", "north", "west"}, "better", Scene::k_probing);
    const auto back = scene.run({"rollback", "-auto-approve", "genesys_trunk_certificate.east"});
    INFO(back.out << back.err);
    CHECK(back.code == 0);
    CHECK_FALSE(says(back, "until the source offers another chain"));
    CHECK(says(back, "The source offers another one by now"));
  }
}

TEST_CASE("a certificate that nobody sees is inconclusive, and the port is proof enough") {
  Scene scene;
  const auto more = GENERATE(as<std::string>{}, "", Scene::k_probing);
  scene.record_old(more);
  scene.serve("new");
  REQUIRE(scene.run({"apply", "-auto-approve"}).code == 0);
  CHECK(scene.run({"verify"}).code == 0);
  scene.turn(R"({"show_certificate":false})");
  const auto hidden = scene.run({"verify"});
  INFO(hidden.out << hidden.err);
  const bool looks = !more.empty();
  CHECK(hidden.code == (looks ? 0 : 4));
  CHECK(says(hidden, "nobody saw which one is there: verify.tls looks at the port") != looks);
  CHECK(says(hidden, "0 pass, 0 fail, 3 inconclusive") != looks);
}

TEST_CASE("nobody is sent back to a certificate that has ended") {
  Scene scene;
  scene.make_pair("old", std::chrono::hours(24 * 3));
  scene.record_old(Scene::k_probing, R"("canary": 1, "stagger": "0s", "soak": "0s", "on_failure": "stop")");
  scene.serve("old");
  CHECK(scene.run({"apply", "-auto-approve"}).code != 0);
  REQUIRE(scene.state().resources.at(Scene::address("east")).failure);
  CHECK(says(scene.run({"plan"}), "trunkform rollback 'genesys_trunk_certificate.east'"));
  scene.clock.advance(std::chrono::hours(24 * 2) + 1h);
  const auto later = scene.run({"plan"});
  INFO(later.out << later.err);
  CHECK(says(later, "failed its verification, and is still bound"));
  CHECK_FALSE(says(later, "trunkform rollback"));
}

TEST_CASE("a chain that a service gives back in another order is ours, is told once, and is not sent again") {
  for (const auto* shape : {"reversed", "leaf_only"}) {
    INFO(shape);
    Scene scene;
    scene.record_old();
    scene.turn(std::string(R"({"give_back":")") + shape + "\"}");
    const auto ended = scene.run({"apply", "-auto-approve"});
    INFO(ended.out << ended.err);
    CHECK(ended.code == 0);
    CHECK(says(ended, "in another shape"));
    CHECK(scene.state().resources.at(Scene::address("east")).as_read);
    CHECK(scene.run({"plan", "-detailed-exitcode"}).code == 0);
    CHECK(scene.patches() == 3);
  }
}

TEST_CASE("a trunk that is gone since the plan was made is left alone, and the others are done") {
  Scene scene;
  scene.record_old();
  REQUIRE(scene.run({"plan", "-out=p"}).code == 0);
  scene.turn(R"({"edits":[{"do":"delete","trunk":"east"}]})");
  const auto ended = scene.run({"apply", "p"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 1);
  CHECK(says(ended, "trunk_missing"));
  CHECK(scene.live("north") == "new");
  CHECK(scene.live("west") == "new");
}

TEST_CASE("a trunk that somebody else binds between the check and the PATCH is left to them, and the others go on") {
  Scene scene;
  scene.record_old();
  scene.make_pair("stranger");
  bool bound = false;
  scene.taps.refuse_bind = [&](const TrunkId&) -> std::optional<Error> {
    if (std::exchange(bound, true)) return std::nullopt;
    scene.bind_by_hand("east", "stranger");
    return Error(ErrorCode::conflict, "trunk east was changed by somebody else meanwhile");
  };
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 1);
  CHECK(says(ended, "changed by somebody else"));
  CHECK(scene.live("east") == "stranger");
  CHECK(scene.live("north") == "new");
  CHECK(scene.live("west") == "new");
  CHECK(scene.outcomes("east").back() == OutcomeKind::foreign);
  CHECK_FALSE(scene.state().resources.at(Scene::address("east")).failure);
}

// -- plans from files

TEST_CASE("a saved destroy plan does not forget what is protected by now") {
  Scene scene;
  scene.record_old();
  REQUIRE(scene.run({"plan", "-destroy", "-out=d"}).code == 0);
  scene.configure({"east", "north", "west"}, "old", R"("lifecycle": { "prevent_destroy": true })");
  REQUIRE(scene.run({"apply", "-auto-approve"}).code == 0);
  const auto ended = scene.run({"apply", "d"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 1);
  CHECK(scene.state().resources.size() == 3);
}

TEST_CASE("an old plan takes nothing back that the state has learnt since") {
  Scene scene;
  scene.record_old();
  REQUIRE(scene.run({"plan", "-out=p"}).code == 0);
  REQUIRE(scene.run({"apply", "p"}).code == 0);
  scene.configure({"east", "north", "west"}, "new", R"("lifecycle": { "prevent_destroy": true })");
  REQUIRE(scene.run({"apply", "-auto-approve"}).code == 0);
  REQUIRE(scene.state().resources.at(Scene::address("east")).prevent_destroy);
  (void)scene.run({"apply", "p"});
  CHECK(scene.state().resources.at(Scene::address("east")).prevent_destroy);
}

TEST_CASE("a saved plan does not take a trunk that another state binds by now") {
  Scene scene;
  scene.record_old();
  REQUIRE(scene.run({"workspace", "new", "other"}).code == 0);
  scene.add_trunk("south", "old");
  scene.configure({"south"}, "new");
  REQUIRE(scene.run({"plan", "-out=p"}).code == 0);
  REQUIRE(scene.run({"workspace", "select", "default"}).code == 0);
  REQUIRE(scene.run({"apply", "-auto-approve"}).code == 0);
  REQUIRE(scene.live("south") == "new");
  const auto before = scene.patches();
  REQUIRE(scene.run({"workspace", "select", "other"}).code == 0);
  const auto ended = scene.run({"apply", "p"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 1);
  CHECK(says(ended, "owned_elsewhere"));
  CHECK(scene.patches() == before);
}

TEST_CASE("a renamed block with a target writes no event that the document would refuse") {
  Scene scene;
  scene.record_old();
  auto text = scene.files.read("/conf/main.trunk.json", 1 << 20).value();
  scene.configure({"east", "north", "west"}, "old");
  text = scene.files.read("/conf/main.trunk.json", 1 << 20).value();
  const std::string label = R"("east": { "trunk")";
  text.replace(text.find(label), label.size(), R"("renamed": { "trunk")");
  scene.write("main.trunk.json", text);
  const auto ended = scene.run({"apply", "-auto-approve", "-target=genesys_trunk_certificate.renamed"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 1);
  CHECK(says(ended, "state mv"));
  CHECK_FALSE(says(ended, "could not be written"));
  CHECK(scene.state().resources.size() == 3);
  CHECK(scene.run({"apply", "-auto-approve"}).code == 0);
}
