// When an apply starts what: windows, -wait, -deadline, blue-green groups; and going back.
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "tests/unit/cmd/engine/scene.hpp"

using namespace trunkform;
using trunkform::testing::Scene;
using namespace std::chrono_literals;

namespace {

std::optional<Instant> patched_at(Scene& scene, const std::string& name) {
  for (const auto& event : scene.events())
    if (const auto* patched = std::get_if<Patched>(&event.body); patched && patched->address == Scene::address(name))
      return event.time;
  return std::nullopt;
}

/// Ports serve what is bound on `trunk`.
void serve_bound(Scene& scene, const std::string& trunk) {
  std::map<std::string, ChainPtr> chains;
  for (const std::string name : {"old", "new"})
    chains[name] = scene.facts.chain_of_pem(scene.files.read("/conf/" + name + ".chain", 1 << 20).value()).value();
  scene.tls.answer = [&scene, trunk, chains](const TlsProbePolicy& policy) -> Result<std::vector<ServedChain>> {
    ServedChain served;
    served.address = policy.host;
    served.chain = chains.at(scene.live(trunk));
    return std::vector{served};
  };
}

/// The process ends here: nothing that it still does reaches the disk.
void end_process(Scene& scene) {
  auto& faults = scene.files.kernel().faults();
  const auto next = faults.sites().size() + 1;
  for (std::uint64_t n = next; n < next + 5000; ++n) faults.fail_at(n, platform::Fault::io_error);
}

std::size_t deferred(Scene& scene) {
  std::size_t number = 0;
  for (const auto& event : scene.events()) number += std::holds_alternative<Deferred>(event.body) ? 1U : 0U;
  return number;
}

/// The scene begins on a Tuesday at 12:00 UTC.
std::string window(const std::string& start, const std::string& length) {
  return R"("rotate": { "min_age": "0s", "when": "available", "window": { "days": ["tue", "wed"], "start": ")" + start +
         R"(", "for": ")" + length + R"(", "timezone": "UTC" } })";
}

/// `configure` has a rotate block of its own: another takes its place.
void configure_with(Scene& scene, const std::string& rotate, const std::string& rollout) {
  scene.configure({"east", "north", "west"}, "new", "", rollout);
  auto text = scene.files.read("/conf/main.trunk.json", 1 << 20).value();
  const std::string plain = R"("rotate": { "min_age": "0s", "when": "available" })";
  for (auto at = text.find(plain); at != std::string::npos; at = text.find(plain, at + rotate.size()))
    text.replace(at, plain.size(), rotate);
  scene.write("main.trunk.json", text);
}

}  // namespace

TEST_CASE("before its window an apply defers, -wait waits for it, and one stagger is waited for anyway") {
  Scene scene;
  scene.record_old();
  configure_with(scene, window("14:00", "4h"), Scene::k_staggered);
  const auto start = scene.clock.now();
  SECTION("deferred, which is no error") {
    const auto ended = scene.run({"apply", "-auto-approve"});
    INFO(ended.out << ended.err);
    CHECK(ended.code == 0);
    CHECK(scene.patches() == 0);
    CHECK(deferred(scene) == 3);
    CHECK(ended.out.find("3 deferred") != std::string::npos);
  }
  SECTION("waited for") {
    const auto ended = scene.run({"apply", "-auto-approve", "-wait=3h"});
    INFO(ended.out << ended.err);
    CHECK(ended.code == 0);
    CHECK(scene.patches() == 3);
    CHECK(*patched_at(scene, "east") >= start + 2h);
    CHECK(*patched_at(scene, "west") >= start + 2h + 6min);
  }
  SECTION("not waited for so long") {
    CHECK(scene.run({"apply", "-auto-approve", "-wait=1h"}).code == 0);
    CHECK(scene.patches() == 0);
  }
  SECTION("nearer than a stagger") {
    scene.clock.advance(118min);
    CHECK(scene.run({"apply", "-auto-approve"}).code == 0);
    CHECK(scene.patches() == 3);
  }
  SECTION("ignored, and so by a saved plan") {
    CHECK(scene.run({"plan", "-ignore-window", "-out=p"}).code == 0);
    CHECK(scene.run({"apply", "p"}).code == 0);
    CHECK(scene.patches() == 3);
  }
  SECTION("a reviewed plan is applied when its time has come") {
    CHECK(scene.run({"plan", "-out=p"}).code == 0);
    CHECK(scene.run({"apply", "p"}).code == 0);
    CHECK(scene.patches() == 0);
    scene.clock.advance(3h);
    CHECK(scene.run({"apply", "p"}).code == 0);
    CHECK(scene.patches() == 3);
  }
}

TEST_CASE("a window that closes on a rollout leaves the rest for the next one, and says so") {
  Scene scene;
  scene.record_old();
  configure_with(scene, window("12:00", "5m"), Scene::k_staggered);
  SECTION("another run finishes") {
    const auto ended = scene.run({"apply", "-auto-approve"});
    INFO(ended.out << ended.err);
    CHECK(ended.code == 0);
    CHECK(scene.patches() == 2);
    CHECK(deferred(scene) == 1);
    scene.clock.advance(24h - 5min);
    CHECK(scene.run({"apply", "-auto-approve"}).code == 0);
    CHECK(scene.patches() == 3);
  }
  SECTION("the same run waits") {
    const auto start = scene.clock.now();
    const auto ended = scene.run({"apply", "-auto-approve", "-wait=25h"});
    INFO(ended.out << ended.err);
    CHECK(ended.code == 0);
    CHECK(scene.patches() == 3);
    CHECK(*patched_at(scene, "west") >= start + 24h);
  }
}

TEST_CASE("at its deadline a run starts nothing more, and ends without an error") {
  Scene scene;
  scene.record_old();
  configure_with(scene, R"("rotate": { "min_age": "0s", "when": "available" })", Scene::k_staggered);
  const auto start = scene.clock.now();
  const auto ended = scene.run({"apply", "-auto-approve", "-deadline=4m"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  CHECK(scene.patches() == 2);
  CHECK(scene.clock.now() - start < 5min);
  CHECK(ended.out.find("1 deferred") != std::string::npos);
  CHECK(ended.out.find("-deadline") != std::string::npos);
  CHECK(scene.run({"apply", "-auto-approve"}).code == 0);
  CHECK(scene.patches() == 3);
  CHECK(scene.run({"apply", "-deadline=soon"}).code == 64);
  CHECK(scene.run({"apply", "-wait=soon"}).code == 64);
}

TEST_CASE(
    "blue waits until green is served and soaked, and is left alone where green failed or calls had nowhere to go") {
  Scene scene;
  for (const auto* name : {"green", "blue"}) scene.add_trunk(name, "old");
  const auto configure = [&](const std::string& pair) {
    scene.configure({"green", "blue"}, pair, Scene::k_probing,
                    R"("canary": 1, "stagger": "1m", "soak": "10m", "max_failures": 5)");
    auto text = scene.files.read("/conf/main.trunk.json", 1 << 20).value();
    for (const std::string name : {"green", "blue"}) {
      const auto label = "\"" + name + "\": { \"trunk\"";
      text.replace(text.find(label), label.size(),
                   fmt::format(R"("{0}": {{ "group": "g", "colour": "{0}", "trunk")", name));
    }
    scene.write("main.trunk.json", text);
  };
  configure("old");
  serve_bound(scene, "green");
  REQUIRE(scene.run({"apply", "-auto-approve"}).code == 0);
  configure("new");
  SECTION("one after the other, though blue sorts first") {
    serve_bound(scene, "blue");
    scene.taps.before_bind = [&](const TrunkId&) {
      serve_bound(scene, scene.live("green") == "old" ? "green" : "blue");
    };
    const auto ended = scene.run({"apply", "-auto-approve"});
    INFO(ended.out << ended.err);
    CHECK(ended.code == 0);
    CHECK(*patched_at(scene, "blue") >= *patched_at(scene, "green") + 10min);
  }
  SECTION("green fails on the wire") {
    scene.serve("old");
    const auto ended = scene.run({"apply", "-auto-approve"});
    INFO(ended.out << ended.err);
    CHECK(ended.code == 6);
    CHECK(scene.live("green") == "old");
    CHECK_FALSE(patched_at(scene, "blue"));
    CHECK(ended.out.find("1 held back") != std::string::npos);
  }
  SECTION("green failed in an earlier run, and keeps what failed: blue keeps what it has") {
    auto text = scene.files.read("/conf/main.trunk.json", 1 << 20).value();
    const std::string policy = R"("max_failures": 5)";
    text.insert(text.find(policy), R"("on_failure": "stop", )");
    scene.write("main.trunk.json", text);
    scene.serve("old");
    CHECK(scene.run({"apply", "-auto-approve"}).code != 0);
    REQUIRE(scene.live("green") == "new");
    const auto again = scene.run({"apply", "-auto-approve"});
    INFO(again.out << again.err);
    CHECK(says(again, "held back: the green trunk of their group is not done and verified"));
    CHECK(scene.live("blue") == "old");
  }
  SECTION("blue is down: green is not touched") {
    scene.turn(R"({"edits":[{"do":"status","trunk":"blue","status":"inactive"}]})");
    const auto planned = scene.run({"plan"});
    INFO(planned.out << planned.err);
    CHECK(planned.out.find("genesys_trunk_certificate.blue, the other trunk of its group, is not healthy: its status "
                           "is \"inactive\"") != std::string::npos);
    CHECK(planned.out.find("genesys_trunk_certificate.green, the other trunk") == std::string::npos);
    const auto ended = scene.run({"apply", "-auto-approve"});
    INFO(ended.out << ended.err);
    CHECK(ended.code == 1);
    CHECK(scene.patches() == 0);
    CHECK(ended.err.find("not healthy") != std::string::npos);
  }
  SECTION("blue's certificate ends while the apply asks") {
    scene.make_pair("short", std::chrono::hours(24 * 3));
    scene.bind_by_hand("blue", "short");
    // Seen to be good by the plan, and over by the time that green's turn comes.
    scene.taps.before_get = [&](const TrunkId&) { scene.clock.advance(std::chrono::hours(24 * 4)); };
    const auto ended = scene.run({"apply", "-auto-approve", "-target=genesys_trunk_certificate.green"});
    INFO(ended.out << ended.err);
    CHECK(ended.code == 1);
    CHECK(scene.live("green") == "old");
    CHECK(ended.err.find("genesys_trunk_certificate.blue, the other trunk of its group, has an expired certificate") !=
          std::string::npos);
  }
  SECTION("blue is down, and the apply is not about it") {
    scene.turn(R"({"edits":[{"do":"status","trunk":"blue","status":"inactive"}]})");
    const auto ended = scene.run({"apply", "-auto-approve", "-target=genesys_trunk_certificate.green"});
    INFO(ended.out << ended.err);
    CHECK(ended.code == 1);
    CHECK(scene.patches() == 0);
    CHECK(ended.err.find("not healthy") != std::string::npos);
  }
  SECTION("green is gone: the plan says that blue is left alone for it") {
    scene.turn(R"({"edits":[{"do":"delete","trunk":"green"}]})");
    const auto planned = scene.run({"plan"});
    INFO(planned.out << planned.err);
    CHECK(says(planned, "genesys_trunk_certificate.green, the other trunk of its group, comes first and has an error"));
    CHECK(scene.run({"apply", "-auto-approve"}).code == 1);
    CHECK(scene.patches() == 0);
  }
  SECTION("who asks for blue gets green first") {
    scene.serve("new");
    SUCCEEDS(scene.run({"apply", "-auto-approve", "-target=genesys_trunk_certificate.blue"}));
    REQUIRE(patched_at(scene, "green"));
    CHECK(*patched_at(scene, "blue") >= *patched_at(scene, "green") + 10min);
  }
  SECTION("who leaves green out leaves blue out") {
    SUCCEEDS(scene.run({"apply", "-auto-approve", "-exclude=genesys_trunk_certificate.green"}));
    CHECK(scene.patches() == 0);
  }
}

// -- going back

TEST_CASE(
    "a rollback by hand binds the earlier certificate, quarantines what it leaves, and the next apply keeps to it") {
  Scene scene;
  scene.record_old(Scene::k_probing);
  scene.serve("new");
  REQUIRE(scene.run({"apply", "-auto-approve"}).code == 0);
  const auto* east = "genesys_trunk_certificate.east";
  SECTION("the source still has it") {
    const auto text = scene.files.read("/conf/main.trunk.json", 1 << 20).value();
    // pem_files offers `new` at its place, and `old` in a folder of versions.
    auto with_versions = text;
    const std::string key = R"("private_key": "new.key")";
    with_versions.replace(with_versions.find(key), key.size(), key + R"(, "versions": "archive/*/")");
    scene.write("main.trunk.json", with_versions);
    REQUIRE(scene.files.create_directories("/conf/archive/1"));
    scene.write("archive/1/new.chain", scene.files.read("/conf/old.chain", 1 << 20).value());
    scene.write("archive/1/new.key", scene.files.read("/conf/old.key", 1 << 20).value());
    serve_bound(scene, "east");
    const auto ended = scene.run({"rollback", "-auto-approve", "-reason=calls fail", east});
    INFO(ended.out << ended.err);
    CHECK(ended.code == 0);
    CHECK(scene.live("east") == "old");
    CHECK(scene.live("west") == "new");
    const auto record = scene.state().resources.at(Scene::address("east"));
    REQUIRE(record.quarantine);
    CHECK(record.quarantine->reason == "rolled back by hand: calls fail");
    CHECK(scene.outcomes("east").back() == OutcomeKind::rolled_back);
    const auto next = scene.run({"apply", "-auto-approve"});
    INFO(next.out << next.err);
    CHECK(next.code == 1);
    CHECK(next.err.find("quarantined") != std::string::npos);
    CHECK(scene.live("east") == "old");
    const auto insisted = scene.run({"apply", "-auto-approve", "-retry"});
    INFO(insisted.out << insisted.err);
    CHECK(insisted.code == 0);
    CHECK(scene.live("east") == "new");
  }
  SECTION("without a terminal it is not done unasked") {
    CHECK(scene.run({"rollback", east}).code == 1);
    CHECK(scene.live("east") == "new");
  }
  SECTION("of what nobody knows") {
    CHECK(scene.run({"rollback", "-auto-approve", "genesys_trunk_certificate.no"}).code == 1);
  }
  CHECK(scene.state().open_intents.empty());
}

TEST_CASE("a rollback that a crash cut short is finished by the next apply") {
  Scene scene;
  scene.record_old(Scene::k_probing, R"("canary": 1, "stagger": "1m", "soak": "10m")");
  scene.serve("old");
  const bool before_the_patch_back = GENERATE(true, false);
  std::size_t binds = 0;
  scene.taps.refuse_bind = [&](const TrunkId&) -> std::optional<Error> {
    if (++binds == 2) return Error(ErrorCode::outcome_unknown, "the process ended here");
    return std::nullopt;
  };
  if (before_the_patch_back) {
    CHECK(scene.run({"apply", "-auto-approve"}).code != 0);
  } else {
    // Killed right after the PATCH: what is bound was never looked at.
    scene.taps.refuse_bind = {};
    scene.taps.after_bind = [&](const TrunkId&) { end_process(scene); };
    CHECK(scene.run({"apply", "-auto-approve"}).code != 0);
    scene.files.kernel().faults().clear();
  }
  scene.taps = {};
  REQUIRE(scene.live("east") == "new");
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(scene.live("east") == "old");
  CHECK(scene.live("north") == "old");
  CHECK(scene.outcomes("east").back() == OutcomeKind::rolled_back);
  CHECK(scene.state().resources.at(Scene::address("east")).quarantine);
  CHECK(scene.state().open_intents.empty());
}

TEST_CASE("a soak that a crash cut short is kept by the run that finishes the saved plan") {
  Scene scene;
  scene.record_old(Scene::k_probing, R"("canary": 1, "stagger": "0s", "soak": "10m")");
  REQUIRE(scene.run({"plan", "-out=p"}).code == 0);
  serve_bound(scene, "east");
  scene.taps.after_bind = [&](const TrunkId&) { scene.stop.request_stop(); };  // its soak is not waited for
  CHECK(scene.run({"apply", "p"}).code != 0);
  scene.taps = {};
  CHECK(scene.patches() == 1);
  const auto start = scene.clock.now();
  const auto ended = scene.run({"apply", "p"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  CHECK(scene.patches() == 3);
  CHECK(*patched_at(scene, "north") >= start + 10min);
}
