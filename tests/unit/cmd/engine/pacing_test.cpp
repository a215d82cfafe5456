// The carrier's pace between runs: of two states and of one, side by side and one after the other, alive and dead.
#include <fmt/format.h>

#include "tests/support/turns.hpp"
#include "tests/unit/cmd/engine/scene.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using namespace std::chrono_literals;

namespace {

constexpr const char* k_east_only = "-target=genesys_trunk_certificate.east";

/// The smallest gap between two PATCHes, as the service saw them.
Duration closest(Scene& scene) {
  const auto times = scene.patch_times();
  auto least = Duration::max();
  for (std::size_t i = 1; i < times.size(); ++i) least = std::min(least, times[i] - times[i - 1]);
  return least;
}

/// A second state of the same folder, for a trunk `south` of the same carrier.
void in_another_workspace(Scene& scene) {
  scene.add_trunk("south", "old");
  scene.configure({"south"}, "new", "", Scene::k_staggered);
  REQUIRE(scene.run({"workspace", "new", "other"}).code == 0);
}

/// kill -9 right after the service had the first PATCH.
void die_at_the_first_patch(Scene& scene) {
  scene.http.after = [](const HttpRequest& request) {
    if (request.method == "PATCH") throw ProcessKilled();
  };
  REQUIRE(scene.run({"apply", "-auto-approve", "-parallelism=1"}).code == SimulatedProgram::killed);
  scene.http.after = {};
  REQUIRE(scene.patch_times().size() == 1);
}

/// A CI job for Turns: applies to `trunks` alone, in `workspace`. Borrows.
auto apply_of(Scene& scene, std::vector<std::string> trunks, const std::string& workspace, Ended& ended) {
  return [&scene, trunks = std::move(trunks), workspace, &ended](Clock& clock) {
    std::vector<std::string> arguments{"apply", "-auto-approve", "-parallelism=1"};
    for (const auto& trunk : trunks) arguments.push_back("-target=genesys_trunk_certificate." + trunk);
    scene.environment.variables["TRUNKFORM_WORKSPACE"] = workspace;
    ended = scene.run_beside(std::move(arguments), clock);
  };
}

}  // namespace

TEST_CASE("two runs of two states keep the carrier's stagger between them") {
  Scene scene;
  scene.record_old("", Scene::k_staggered);
  CHECK(scene.run({"apply", "-auto-approve", "-target=genesys_trunk_certificate.east"}).code == 0);
  const auto first = scene.clock.now();
  std::optional<Instant> south;
  scene.taps.after_bind = [&](const TrunkId&) { south = scene.clock.now(); };
  // Another state of the same backend binds a trunk of the same carrier.
  scene.add_trunk("south", "old");
  scene.configure({"south"}, "new", "", Scene::k_staggered);
  REQUIRE(scene.run({"workspace", "new", "other"}).code == 0);
  scene.clock.advance(1min);
  SECTION("the second waits for what is left of it") {
    const auto planned = scene.run({"plan"});
    INFO(planned.out << planned.err);
    CHECK(planned.out.find("not before") != std::string::npos);
    const auto ended = scene.run({"apply", "-auto-approve"});
    INFO(ended.out << ended.err);
    CHECK(ended.code == 0);
    CHECK(*south >= first + 3min);
    CHECK(*south < first + 4min);
  }
  SECTION("another carrier does not wait") {
    auto text = scene.files.read("/conf/main.trunk.json", 1 << 20).value();
    for (const std::string from : {R"("carrier": { "a":)", R"("carrier": "a")"})
      text.replace(text.find(from), from.size(),
                   from == R"("carrier": "a")" ? R"("carrier": "b")" : R"("carrier": { "b":)");
    scene.write("main.trunk.json", text);
    CHECK(scene.run({"apply", "-auto-approve"}).code == 0);
    CHECK(*south < first + 2min);
  }
  SECTION("a pacing file that cannot be read holds nobody up") {
    scene.write("trunkform.pacing.json", "{");
    CHECK(scene.run({"apply", "-auto-approve"}).code == 0);
    CHECK(*south < first + 2min);
  }
}

TEST_CASE("two runs of two workspaces that begin a minute apart keep the carrier's stagger, PATCH by PATCH") {
  Scene scene;
  scene.record_old("", Scene::k_staggered);
  for (const auto* name : {"south", "upper", "lower"}) scene.add_trunk(name, "old");
  REQUIRE(scene.run({"workspace", "new", "other"}).code == 0);
  REQUIRE(scene.run({"workspace", "select", "default"}).code == 0);
  // One folder and one configuration; each job has trunks of its own.
  scene.configure({"east", "north", "west", "south", "upper", "lower"}, "new", "", Scene::k_staggered);
  const auto job = [&](std::vector<std::string> trunks, const std::string& workspace, Ended& ended) {
    return apply_of(scene, std::move(trunks), workspace, ended);
  };
  Ended first, second;
  const auto start = scene.clock.now();
  Turns(scene.clock)
      .run({{0s, job({"east", "north", "west"}, "default", first)},
            {1min, job({"south", "upper", "lower"}, "other", second)}});
  INFO(first.out << first.err << second.out << second.err);
  CHECK(first.code == 0);
  CHECK(second.code == 0);
  const auto times = scene.patch_times();
  REQUIRE(times.size() == 6);
  CHECK(closest(scene) >= 3min);
  // They take turns: nobody idles while the carrier is free, and neither waits for the whole of the other.
  CHECK(times.back() - start < 5 * 3min + 30s);
  CHECK(second.out.find("a run of workspace \"default\"") != std::string::npos);
  CHECK(first.out.find("carrier a is taken by a run of workspace \"other\"") != std::string::npos);
}

TEST_CASE("a trunk in a service that answers after minutes is not overtaken by a run of another state") {
  Scene scene;
  scene.record_old("", Scene::k_staggered);
  scene.add_trunk("south", "old");
  REQUIRE(scene.run({"workspace", "new", "other"}).code == 0);
  REQUIRE(scene.run({"workspace", "select", "default"}).code == 0);
  scene.configure({"east", "south"}, "new", "", Scene::k_staggered);
  // Each step for itself is within what the place is taken for; all of them together are not.
  Clock* clock_of_first = nullptr;
  std::optional<TrunkId> east;
  std::optional<Instant> looked;
  scene.taps.before_get = [&](const TrunkId& id) {
    if (!east) east = id;
    if (id != *east) return;
    (void)clock_of_first->sleep(Context{}, 9min);
    looked = scene.clock.now();
  };
  Ended first, second;
  const auto job_of_first = [&](Clock& clock) {
    clock_of_first = &clock;
    apply_of(scene, {"east"}, "default", first)(clock);
  };
  Turns(scene.clock).run({{0s, job_of_first}, {1min, apply_of(scene, {"south"}, "other", second)}});
  INFO(first.out << first.err << second.out << second.err);
  CHECK(first.code == 0);
  CHECK(second.code == 0);
  const auto times = scene.patch_times();
  REQUIRE(times.size() == 2);
  REQUIRE(looked);
  CHECK(times[0] < *looked);
  CHECK(times[1] - *looked >= 3min);
}

TEST_CASE("the carrier rests after a PATCH that somebody else's overtook: it saw a change") {
  Scene scene;
  scene.record_old("", Scene::k_staggered);
  std::optional<Instant> overtaken;
  scene.taps.refuse_bind = [&](const TrunkId&) -> std::optional<Error> {
    if (overtaken) return std::nullopt;
    overtaken = scene.clock.now();
    return Error(ErrorCode::conflict, "somebody else changed it at the same time");
  };
  const auto ended = scene.run({"apply", "-auto-approve", "-parallelism=1"});
  INFO(ended.out << ended.err);
  REQUIRE(overtaken);
  const auto times = scene.patch_times();
  REQUIRE_FALSE(times.empty());
  CHECK(times[0] - *overtaken >= 3min);
}

TEST_CASE("two runs of one state, the second begun within the stagger of the first, keep it") {
  Scene scene;
  scene.record_old("", Scene::k_staggered);
  REQUIRE(scene.run({"apply", "-auto-approve", k_east_only}).code == 0);
  scene.clock.advance(1min);
  const auto planned = scene.run({"plan"});
  INFO(planned.out << planned.err);
  CHECK(planned.out.find("the carrier rests after its last change, by a run of this state") != std::string::npos);
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  const auto times = scene.patch_times();
  REQUIRE(times.size() == 3);
  CHECK(closest(scene) >= 3min);
  CHECK(times[1] - times[0] < 3min + 10s);
}

TEST_CASE("after kill -9 the next run of the same state rests for one stagger, and binds nothing twice") {
  Scene scene;
  scene.record_old("", Scene::k_staggered);
  die_at_the_first_patch(scene);
  scene.clock.advance(30s);
  const auto start = scene.clock.now();
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  const auto times = scene.patch_times();
  REQUIRE(times.size() == 3);
  CHECK(closest(scene) >= 3min);
  // Not for as long as the dead run's place was taken: that it is dead is known.
  CHECK(times[1] - start < 3min + 10s);
}

TEST_CASE("after kill -9 a run of another state waits until the dead one's place ends by itself, and no longer") {
  Scene scene;
  scene.record_old("", Scene::k_staggered);
  die_at_the_first_patch(scene);
  in_another_workspace(scene);
  scene.clock.advance(30s);
  const auto planned = scene.run({"plan"});
  INFO(planned.out << planned.err);
  CHECK(planned.out.find("a run of workspace \"default\"") != std::string::npos);
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  const auto times = scene.patch_times();
  REQUIRE(times.size() == 2);
  // Stagger, read-back, and two calls of 5 min 30 s: nobody can tell a dead run of another state from a slow one.
  CHECK(times[1] - times[0] >= 14min + 30s);
  CHECK(times[1] - times[0] < 14min + 40s);
}

TEST_CASE(
    "a rollback by hand keeps the carrier's pace, begins at once where it is free, and can be stopped while it waits") {
  Scene scene;
  scene.record_old("", Scene::k_staggered);
  REQUIRE(scene.run({"apply", "-auto-approve"}).code == 0);
  REQUIRE(scene.live("east") == "new");
  const std::vector<std::string> back{"rollback", "-auto-approve", "genesys_trunk_certificate.east"};
  const auto bound = scene.patches();
  SECTION("another trunk was changed a minute ago") {
    scene.clock.advance(1min);
    const auto ended = scene.run(back);
    INFO(ended.out << ended.err);
    CHECK(ended.code == 0);
    CHECK(scene.live("east") == "old");
    CHECK(closest(scene) >= 3min);
    CHECK(ended.out.find("next at 2026-11-24T") != std::string::npos);
    CHECK(ended.out.find("carrier a is taken by a run of this state") != std::string::npos);
  }
  SECTION("the carrier is free") {
    scene.clock.advance(3min);
    const auto start = scene.clock.now();
    const auto ended = scene.run(back);
    CHECK(ended.code == 0);
    CHECK(scene.patch_times().back() - start < 10s);
    CHECK(ended.out.find("next at") == std::string::npos);
    // Whoever comes next keeps its distance from it, too.
    scene.clock.advance(1min);
    REQUIRE(scene.run({"rollback", "-auto-approve", "genesys_trunk_certificate.north"}).code == 0);
    CHECK(closest(scene) >= 3min);
  }
  SECTION("stopped while it waits") {
    scene.clock.advance(1min);
    scene.taps.before_get = [&](const TrunkId&) { scene.stop.request_stop(); };  // the lock is held by then
    const auto ended = scene.run(back);
    INFO(ended.out << ended.err);
    CHECK(ended.code == 130);
    CHECK(scene.patches() == bound);
    CHECK(ended.err.find("nothing was changed") != std::string::npos);
    CHECK(scene.state().open_intents.empty());
  }
}

TEST_CASE(
    "what is taken back at the end of its soak comes off at once, and the next run rests for a stagger after it") {
  Scene scene;
  scene.record_old(Scene::k_probing, R"("canary": 1, "stagger": "3m", "soak": "10m", "max_failures": 9)");
  // The wire goes wrong while the canary soaks.
  scene.serve("old");
  const auto wrong = scene.tls.answer;
  scene.serve("new");
  scene.tls.answer = [&, start = scene.clock.now(), right = scene.tls.answer](const TlsProbePolicy& policy) {
    return (scene.clock.now() - start > 5min ? wrong : right)(policy);
  };
  CHECK(scene.run({"apply", "-auto-approve", k_east_only}).code == 6);
  REQUIRE(scene.outcomes("east").back() == OutcomeKind::rolled_back);
  auto times = scene.patch_times();
  REQUIRE(times.size() == 2);
  CHECK(times[1] - times[0] < 11min);
  scene.serve("new");
  in_another_workspace(scene);
  SUCCEEDS(scene.run({"apply", "-auto-approve"}));
  times = scene.patch_times();
  REQUIRE(times.size() == 3);
  CHECK(times[2] - times[1] >= 3min);
  CHECK(times[2] - times[1] < 4min);
}

TEST_CASE("what is taken back at the end of its soak while another run has the carrier makes that run rest after it") {
  Scene scene;
  scene.record_old("", R"("canary": 0, "stagger": "3m", "soak": "10m", "max_failures": 9)");
  for (const auto* name : {"south", "upper"}) scene.add_trunk(name, "old");
  REQUIRE(scene.run({"workspace", "new", "other"}).code == 0);
  REQUIRE(scene.run({"workspace", "select", "default"}).code == 0);
  scene.configure({"east", "south", "upper"}, "new", "",
                  R"("canary": 0, "stagger": "3m", "soak": "10m", "max_failures": 9)");
  // Only the port of `east` is looked at, and it goes wrong while `east` soaks.
  auto text = scene.files.read("/conf/main.trunk.json", 1 << 20).value();
  const std::string label = R"("east": { )";
  text.insert(text.find(label) + label.size(), std::string(Scene::k_probing) + ", ");
  scene.write("main.trunk.json", text);
  scene.serve("old");
  const auto wrong = scene.tls.answer;
  scene.serve("new");
  const auto start = scene.clock.now();
  scene.tls.answer = [&, right = scene.tls.answer](const TlsProbePolicy& policy) {
    return (scene.clock.now() - start > 5min ? wrong : right)(policy);
  };
  const auto job = [&](std::vector<std::string> trunks, const std::string& workspace, Ended& ended) {
    return apply_of(scene, std::move(trunks), workspace, ended);
  };
  Ended first, second;
  Turns(scene.clock)
      .run({{0s, job({"east"}, "default", first)}, {9min + 30s, job({"south", "upper"}, "other", second)}});
  INFO(first.out << first.err << second.out << second.err);
  CHECK(first.code == 6);
  CHECK(second.code == 0);
  const auto times = scene.patch_times();
  REQUIRE(times.size() == 4);
  // East, south, east back at once, and upper a stagger after that.
  CHECK(times[2] - times[1] < 2min);
  CHECK(times[2] - start < 11min);
  CHECK(times[3] - times[2] >= 3min);
}
