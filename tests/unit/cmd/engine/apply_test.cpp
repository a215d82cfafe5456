// A whole apply over a virtual clock: order, pauses, what stops it, and what a run that is repeated does.
#include <catch2/catch.hpp>

#include "tests/unit/cmd/engine/scene.hpp"

using namespace trunkform;
using trunkform::testing::Scene;

TEST_CASE("staggers and soaks pass on the clock, and the next plan has nothing to do") {
  Scene scene;
  scene.record_old("", R"("canary": 1, "stagger": "3m", "soak": "10m")");
  std::vector<Instant> bound;
  scene.taps.before_bind = [&](const TrunkId&) { bound.push_back(scene.clock.now()); };
  SUCCEEDS(scene.run({"apply", "-auto-approve"}));
  REQUIRE(bound.size() == 3);
  CHECK(bound[1] - bound[0] >= std::chrono::minutes(10));
  CHECK(bound[2] - bound[1] >= std::chrono::minutes(3));
  CHECK(scene.live("west") == "new");
  const auto planned = scene.run({"plan", "-detailed-exitcode"});
  INFO(planned.out << planned.err);
  CHECK(planned.code == 0);
  CHECK(scene.service.summary().violations == 0);
  CHECK(scene.state().open_intents.empty());
}

TEST_CASE("whatever write fails, no trunk is patched twice and the next run finishes") {
  // Every call of the disk, counted in a run without faults, fails in turn.
  std::vector<platform::IoSite> sites;
  {
    Scene counting;
    counting.record_old();
    const auto before = counting.files.kernel().faults().sites().size();
    REQUIRE(counting.run({"apply", "-auto-approve"}).code == 0);
    sites = counting.files.kernel().faults().sites();
    sites.erase(sites.begin(), sites.begin() + static_cast<std::ptrdiff_t>(before));
  }
  REQUIRE(sites.size() > 50);
  for (const auto fault : {platform::Fault::io_error, platform::Fault::no_space}) {
    for (std::size_t n = 1; n <= sites.size(); ++n) {
      if (fault == platform::Fault::no_space && sites[n - 1].step != platform::IoStep::write) continue;
      Scene scene;
      scene.record_old();
      auto& faults = scene.files.kernel().faults();
      const auto first = faults.sites().size();
      faults.fail_at(first + n, fault);
      const auto hurt = scene.run({"apply", "-auto-approve"});
      const auto sites_now = faults.sites();
      faults.clear();
      const auto& site = sites_now.at(first + n - 1);
      INFO("call " << n << " of " << sites.size() << ": " << platform::to_string(site.step) << " " << site.path << "\n"
                   << hurt.out << hurt.err);
      const auto mended = scene.run({"apply", "-auto-approve"});
      INFO("then\n" << mended.out << mended.err);
      REQUIRE(mended.code == 0);
      for (const auto* name : {"east", "north", "west"}) {
        REQUIRE(scene.live(name) == "new");
        REQUIRE(scene.leaf(name) == scene.leaf_of("new"));
      }
      REQUIRE(scene.patches() == 3);
      REQUIRE(scene.service.summary().violations == 0);
      REQUIRE(scene.state().open_intents.empty());
      if (site.step == platform::IoStep::write || site.step == platform::IoStep::sync) REQUIRE(hurt.code != 0);
    }
  }
}

TEST_CASE("a lock that is lost before the intent stops the run before its first PATCH") {
  Scene scene;
  scene.record_old();
  scene.taps.before_get = [&](const TrunkId&) {
    if (scene.files.exists("/conf/.trunkform.lock").value()) REQUIRE(scene.files.remove("/conf/.trunkform.lock"));
  };
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code != 0);
  CHECK(scene.patches() == 0);
  CHECK(ended.err.find("lock") != std::string::npos);
}

TEST_CASE("one signal finishes the trunk in hand, saves and frees the lock; the next run does the rest") {
  Scene scene;
  scene.record_old();
  scene.taps.before_bind = [&](const TrunkId&) { scene.stop.request_stop(); };
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 130);
  CHECK(scene.patches() == 1);
  CHECK(scene.leaf("east") == scene.leaf_of("new"));
  CHECK(scene.state().open_intents.empty());
  CHECK_FALSE(scene.files.exists("/conf/.trunkform.lock.info").value());
  scene.taps.before_bind = {};
  SUCCEEDS(scene.run({"apply", "-auto-approve"}));
  CHECK(scene.patches() == 3);
}

TEST_CASE("a signal during a soak ends it at once") {
  Scene scene;
  scene.record_old("", R"("canary": 1, "stagger": "0s", "soak": "10h")");
  scene.taps.after_bind = [&](const TrunkId&) { scene.stop.request_stop(); };
  const auto begun = scene.clock.now();
  CHECK(scene.run({"apply", "-auto-approve"}).code == 130);
  CHECK(scene.clock.now() - begun < std::chrono::minutes(1));
}

TEST_CASE("a second signal during the probe rolls nothing back: what is only pending is not wrong") {
  Scene scene;
  scene.record_old(Scene::k_probing);
  scene.serve("old");
  auto still_old = scene.tls.answer;
  scene.tls.answer = [&, looks = 0](const TlsProbePolicy& policy) mutable {
    if (++looks == 2) {
      scene.stop.request_stop();
      scene.abandon.request_stop();
    }
    return still_old(policy);
  };
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 130);
  CHECK(scene.patches() == 1);
  CHECK(scene.live("east") == "new");
  // The log says what is open, and the next run looks.
  CHECK(scene.state().open_intents.contains(Scene::address("east")));
  CHECK(says(ended, "stopped before it was verified"));
  const auto next = scene.run({"apply", "-auto-approve"});
  INFO(next.out << next.err);
  CHECK(next.code == 6);
  CHECK(says(next, "rolled back"));
  CHECK(scene.live("east") == "old");
}

TEST_CASE("a second signal before the PATCH leaves no PATCH and nothing that was not written down") {
  Scene scene;
  scene.record_old();
  scene.taps.before_bind = [&](const TrunkId&) {
    scene.stop.request_stop();
    scene.abandon.request_stop();
  };
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 130);
  CHECK(scene.patches() == 0);
  CHECK(scene.state().open_intents.size() == 1);
  scene.taps.before_bind = {};
  SUCCEEDS(scene.run({"apply", "-auto-approve"}));
  CHECK(scene.patches() == 3);
}

TEST_CASE("an outcome that nobody knows stops the run and is read, not repeated, by the next") {
  const bool committed = GENERATE(true, false);
  CAPTURE(committed);
  Scene scene;
  scene.record_old();
  if (committed) {
    // The PATCH goes through, and nothing can be heard of it.
    scene.turn(R"({"faults":[{"effect":"reset","operation":"patch","when":"after","times":1}]})");
    scene.taps.after_bind = [&](const TrunkId&) { scene.turn(R"({"clear_faults":true})"); };
    scene.taps.before_bind = [&](const TrunkId&) {
      scene.turn(R"({"faults":[{"effect":"reset","operation":"get"}]})");
    };
  } else {
    scene.taps.refuse_bind = [](const TrunkId&) { return Error(ErrorCode::outcome_unknown, "nobody knows"); };
  }
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK((ended.code == 1 || ended.code == 6));
  CHECK(scene.patches() == (committed ? 1 : 0));
  CHECK(scene.state().open_intents.size() == 1);
  scene.taps = {};
  const auto mended = scene.run({"apply", "-auto-approve"});
  INFO(mended.out << mended.err);
  CHECK(mended.code == 0);
  CHECK(scene.patches() == 3);
  CHECK(scene.service.summary().needless_patches == 0);
  const auto ends =
      committed ? std::vector{OutcomeKind::committed} : std::vector{OutcomeKind::not_committed, OutcomeKind::committed};
  CHECK(scene.outcomes("east") == ends);
  CHECK(scene.service.summary().violations == 0);
}

TEST_CASE("an address that is pointed to another trunk takes no history and no quarantine along") {
  Scene scene;
  scene.record_old();
  SUCCEEDS(scene.run({"apply", "-auto-approve"}));
  REQUIRE(scene.state().resources.at(Scene::address("east")).history.size() == 1);
  scene.add_trunk("south", "old");
  auto text = scene.files.read("/conf/main.trunk.json", 1 << 20).value();
  const std::string trunk = R"("trunk": { "name": "east" })";
  text.replace(text.find(trunk), trunk.size(), R"("trunk": { "name": "south" })");
  scene.write("main.trunk.json", text);
  SUCCEEDS(scene.run({"apply", "-auto-approve"}));
  CHECK(scene.live("south") == "new");
  const auto record = scene.state().resources.at(Scene::address("east"));
  CHECK(record.trunk_name == "south");
  CHECK(record.history.empty());
}

TEST_CASE("a trunk that was renamed stays found by the name that the configuration says") {
  Scene scene;
  scene.record_old();
  SUCCEEDS(scene.run({"apply", "-auto-approve"}));
  scene.make_pair("next", std::chrono::hours(24 * 92));
  scene.turn(R"({"edits":[{"do":"rename","trunk":"east","name":"far east"}]})");
  scene.configure({"east", "north", "west"}, "next");
  SUCCEEDS(scene.run({"apply", "-auto-approve"}));
  const auto record = scene.state().resources.at(Scene::address("east"));
  CHECK(record.trunk_name == "east");
  CHECK(record.history.size() == 2);
  CHECK(scene.run({"plan", "-detailed-exitcode"}).code == 0);
}

TEST_CASE("what can no longer be seen on a trunk is not written over") {
  Scene scene;
  scene.record_old();
  REQUIRE(scene.run({"plan", "-out=p"}).code == 0);
  scene.turn(R"({"show_certificate":false})");
  const auto ended = scene.run({"apply", "p"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 1);
  CHECK(ended.err.find("live_unknown") != std::string::npos);
  CHECK(scene.patches() == 0);
}

TEST_CASE("a key that does not fit any more excludes its trunks and leaves nothing half done") {
  Scene scene;
  scene.record_old();
  REQUIRE(scene.run({"plan", "-out=p"}).code == 0);
  scene.make_pair("other");
  scene.write("new.key", scene.files.read("/conf/other.key", 1 << 20).value());
  const auto ended = scene.run({"apply", "p"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 1);
  CHECK(ended.out.find("3 left out of the plan") != std::string::npos);
  CHECK(scene.patches() == 0);
  CHECK(scene.state().open_intents.empty());
}

TEST_CASE("a chain repair is told from its undoing by the chain, for the leaf is the same") {
  Scene scene;
  scene.configure({"east"}, "old");
  const auto whole = scene.files.read("/conf/old.chain", 1 << 20).value();
  // The trunk has the leaf without its intermediate.
  scene.write("bare.chain", whole.substr(0, whole.find("-----BEGIN", 1)));
  scene.write("bare.key", scene.files.read("/conf/old.key", 1 << 20).value());
  scene.add_trunk("east", "new");
  scene.bind_by_hand("east", "bare");

  SECTION("an interrupted run that had not repaired it is not taken for one that had") {
    scene.taps.refuse_bind = [](const TrunkId&) { return Error(ErrorCode::outcome_unknown, "nobody knows"); };
    CHECK(scene.run({"apply", "-auto-approve"}).code != 0);
    scene.taps = {};
    SUCCEEDS(scene.run({"apply", "-auto-approve"}));
    CHECK(scene.outcomes("east") == std::vector{OutcomeKind::not_committed, OutcomeKind::committed});
  }
  SECTION("a read that comes late is waited for, and not recorded as the service's own shape") {
    scene.clock.advance(std::chrono::minutes(1));
    scene.turn(R"({"read_lag":"8s"})");
    SUCCEEDS(scene.run({"apply", "-auto-approve"}));
  }
  CHECK(scene.live("east") == "old");
  CHECK(scene.patches() == 1);
  CHECK_FALSE(scene.state().resources.at(Scene::address("east")).as_read);
}
