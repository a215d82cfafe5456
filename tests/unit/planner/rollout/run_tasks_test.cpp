// What a run is about, as the machine takes it.
#include "planner/rollout/run_tasks.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;
using namespace trunkform::rollout;
using namespace std::chrono_literals;

namespace {

const Instant k_now = parse_rfc3339("2026-11-27T12:00:00Z").value();

ChainPtr chain_of(unsigned char number) {
  auto chain = std::make_shared<ChainFacts>();
  chain->identity.leaf.bytes.fill(number);
  chain->identity.chain.bytes.fill(number);
  return chain;
}

struct Scene {
  std::vector<PlannedChange> changes;
  std::vector<ResourceRecord> records;
  std::vector<schedule::OpenSoak> soaks;
  schedule::ProvenChains proven;

  Scene() {
    changes.reserve(8);
    records.reserve(8);
  }

  PlannedChange& add(const char* name, const char* carrier, ChainPtr after, Action action) {
    auto& change = changes.emplace_back();
    change.address = {{}, "genesys_trunk_certificate", name, {}};
    change.action = action;
    change.after = std::move(after);
    auto& binding = change.binding.emplace();
    binding.address = change.address;
    binding.carrier.edit().label = carrier;
    binding.rollout.edit().canary = 1;
    binding.rollout.edit().stagger = 5min;
    return change;
  }
  PlannedChange& write(const char* name, const char* carrier, ChainPtr after) {
    return add(name, carrier, std::move(after), Action::update);
  }
  void soak(const char* name, const char* carrier, ChainPtr bound) {
    auto& record = records.emplace_back();
    record.chain = bound;
    soaks.push_back({&add(name, carrier, std::move(bound), Action::no_op), &record, k_now + 1h});
  }
  RunTasks make() const {
    const auto writes = schedule::writes_of(changes);
    return make_run_tasks({.writes = writes, .soaks = soaks, .proven = proven, .now = k_now});
  }
};

}  // namespace

TEST_CASE("open soaks of a carrier are one wave before its others, and their chain needs no further canary") {
  Scene scene;
  scene.soak("a", "one", chain_of(1));
  scene.soak("b", "one", chain_of(2));
  scene.write("c", "one", chain_of(1));
  scene.write("d", "one", chain_of(3));
  for (auto& change : scene.changes) change.binding->carrier.edit().max_parallel = 3;
  const auto made = scene.make();
  REQUIRE(made.tasks.size() == 4);
  for (const auto& wave : made.waves) CHECK(wave.max_parallel == 3);
  REQUIRE(made.waves.size() == 3);
  CHECK(made.waves[0].trunks == std::vector<TrunkIndex>{0, 1});
  CHECK(made.waves[0].canary);
  CHECK(made.tasks[0].soaks_until == k_now + 1h);
  CHECK(made.origins[0].soak == scene.soaks.data());
  // The canary of the chain that nobody has tried, and then the other one.
  CHECK(made.waves[1].canary);
  CHECK(made.tasks[made.waves[1].trunks.at(0)].address.name == "d");
  CHECK_FALSE(made.waves[2].canary);
  CHECK(made.tasks[made.waves[2].trunks.at(0)].address.name == "c");
  CHECK(made.origins[made.waves[2].trunks[0]].soak == nullptr);
}

TEST_CASE("a chain that is proven on the carrier is tried by nobody, and on another carrier it is") {
  Scene scene;
  scene.write("a", "one", chain_of(1));
  scene.write("b", "two", chain_of(1));
  scene.soak("c", "one", chain_of(1));
  scene.proven.emplace("one", chain_of(1)->identity.chain);
  const auto made = scene.make();
  REQUIRE(made.tasks.size() == 3);
  for (const auto& task : made.tasks) CHECK(task.chain.empty() == (task.address.name != "b"));
}

TEST_CASE("each blue waits for the green of its own group, and for nobody where that is not in the run") {
  Scene scene;
  const auto paint = [](PlannedChange& change, const char* group, Colour colour) {
    change.binding->group = group;
    change.binding->colour = colour;
  };
  paint(scene.write("a", "one", chain_of(1)), "one", Colour::blue);
  paint(scene.write("b", "one", chain_of(1)), "two", Colour::blue);
  paint(scene.write("c", "one", chain_of(1)), "one", Colour::green);
  scene.write("d", "one", chain_of(1));
  const auto made = scene.make();
  REQUIRE(made.tasks.size() == 4);
  for (TrunkIndex i = 0; i < 4; ++i) {
    const auto& task = made.tasks[i];
    if (task.address.name != "a")
      CHECK(task.after.empty());
    else {
      REQUIRE(task.after.size() == 1);
      CHECK(made.tasks[task.after[0]].address.name == "c");
    }
  }
}

TEST_CASE("a blue that is bound already waits for no green") {
  Scene scene;
  scene.soak("a", "one", chain_of(1));
  scene.changes[0].binding->group = "one";
  scene.changes[0].binding->colour = Colour::blue;
  auto& green = scene.write("b", "one", chain_of(1));
  green.binding->group = "one";
  green.binding->colour = Colour::green;
  for (const auto& task : scene.make().tasks) CHECK(task.after.empty());
}

TEST_CASE("a write opens by its windows and says why it waits; a run waits for a stagger, or as long as it is told") {
  Scene scene;
  auto& change = scene.write("a", "one", chain_of(1));
  Window window;
  window.days = {6};
  window.start = 3h;
  window.length = 2h;
  window.timezone = "Etc/UTC";
  change.binding->rotate.edit().windows = {window};
  const auto made = scene.make();
  const auto opens = parse_rfc3339("2026-11-28T03:00:00Z").value();
  CHECK(made.tasks.at(0).opens(k_now) == opens);
  CHECK_FALSE(made.tasks[0].why_later(opens).empty());
  CHECK(made.tasks[0].start_by == k_now + 5min);
  const auto writes = schedule::writes_of(scene.changes);
  const auto ignoring = make_run_tasks(
      {.writes = writes, .soaks = {}, .proven = {}, .windows = schedule::WindowRule::ignore, .wait = 3h, .now = k_now});
  CHECK(ignoring.tasks.at(0).opens(k_now) == k_now);
  CHECK(ignoring.tasks[0].start_by == k_now + 3h);
}

TEST_CASE("each write is waited for as long as its own stagger, whatever that of another carrier's is") {
  Scene scene;
  scene.write("a", "one", chain_of(1));
  scene.write("b", "two", chain_of(1)).binding->rollout.edit().stagger = 30min;
  scene.soak("c", "three", chain_of(2));
  const auto made = scene.make();
  REQUIRE(made.tasks.size() == 3);
  for (const auto& task : made.tasks)
    CHECK(task.start_by == (task.address.name == "a"   ? k_now + 5min
                            : task.address.name == "b" ? k_now + 30min
                                                       : Instant::max()));
}
