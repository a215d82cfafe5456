// Random fleets, random failures, a virtual clock: what must hold whatever happens. A failing seed is printed.
#include <array>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include <catch2/catch.hpp>

#include "tests/unit/planner/rollout/virtual_run.hpp"

using namespace trunkform;
using namespace trunkform::rollout;
using namespace std::chrono_literals;

namespace {

struct Fleet {
  std::vector<Task> tasks;
  std::vector<TaskWave> waves;
  std::map<TrunkIndex, std::pair<std::string, std::size_t>> place;  // lane, wave in it
  std::map<std::string, std::size_t> max_parallel;                  // of the lanes
};

Fleet random_fleet(std::mt19937& random, bool with_canaries) {
  Fleet fleet;
  const auto pick = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  for (int lane = 0; lane < pick(1, 3); ++lane) {
    const std::string label(1, static_cast<char>('a' + lane));
    const auto at_once = static_cast<std::size_t>(pick(1, 3));
    fleet.max_parallel[label] = at_once;
    for (int wave = 0; wave < pick(1, 4); ++wave) {
      TaskWave entry{label, {}, at_once, wave == 0};
      for (int trunk = 0; trunk < pick(1, 4); ++trunk) {
        RolloutPolicy policy;
        policy.on_failure = static_cast<OnFailure>(pick(0, 2));
        policy.max_failures = pick(0, 2);
        policy.unreachable = static_cast<Unreachable>(pick(0, 1));
        policy.stagger = std::chrono::seconds(pick(0, 60));
        policy.soak = std::chrono::seconds(pick(0, 120));
        policy.canary = with_canaries ? 1 : 0;
        auto task = make_tasks(1, policy, pick(0, 1) == 1, pick(0, 1) == 1).front();
        task.chain = std::string(1, "xy"[random() % 2]);
        task.address.name = "t" + std::to_string(fleet.tasks.size());
        fleet.place[fleet.tasks.size()] = {label, static_cast<std::size_t>(wave)};
        entry.trunks.push_back(fleet.tasks.size());
        fleet.tasks.push_back(task);
      }
      fleet.waves.push_back(entry);
    }
  }
  return fleet;
}

Report random_report(std::mt19937& random, StepKind kind) {
  if (std::uniform_int_distribution<int>(0, 9)(random) != 0) return Report::pass;
  switch (kind) {
    case StepKind::check:
      return std::array{Report::stale, Report::fail, Report::already}[random() % 3];
    case StepKind::patch:
      return std::array{Report::fail, Report::uncertain, Report::stale}[random() % 3];
    case StepKind::probe:
    case StepKind::settle:
      return random() % 2 != 0 ? Report::fail : Report::inconclusive;
    default:
      return Report::fail;
  }
}

/// When the soak of a trunk that is done was over. None: no trunk whose PATCH went through and that is done.
std::optional<Instant> soaked_at(const VirtualRun& run, const Task& task, TrunkIndex trunk) {
  if (run.machine.phase(trunk) != Phase::done || !run.when(trunk, StepKind::patch)) return std::nullopt;
  if (const auto settled = run.when(trunk, StepKind::settle)) return *settled + run.step_time;
  return *run.when(trunk, StepKind::conclude) + task.policy.soak;
}

/// A PATCH of a chain that no canary has passed for yet: nothing that counts was tried before it, but by its own wave.
void check_canaries(const VirtualRun& run, const Fleet& fleet) {
  std::map<std::pair<std::string, std::string>, std::vector<TrunkIndex>> patched;  // by lane and chain
  for (const auto& entry : run.started) {
    if (entry.step.kind != StepKind::patch) continue;
    const auto trunk = entry.step.trunk;
    const auto& place = fleet.place.at(trunk);
    auto& before = patched[{place.first, fleet.tasks[trunk].chain}];
    bool passed = false, failed = false, untried = true;
    for (const auto other : before) {
      const auto soaked = soaked_at(run, fleet.tasks[other], other);
      passed = passed || (soaked && *soaked <= entry.at);
      const bool planned_together = place.second == 0 && fleet.place.at(other).second == 0;
      const bool is_failure =
          run.machine.phase(other) == Phase::failed || run.machine.phase(other) == Phase::rolled_back;
      // A failure at the end of the soak comes after a first conclude.
      Instant ended{};
      for (const auto& step : run.started)
        if (step.step.trunk == other) ended = step.at;
      const auto started = *run.when(trunk, StepKind::check);
      failed = failed || (is_failure && ended <= started);
      untried = untried && (planned_together || run.machine.phase(other) == Phase::stale);
    }
    CHECK((passed || (untried && !failed)));
    before.push_back(trunk);
  }
}

}  // namespace

TEST_CASE("whatever fails, steps stay in order, and a carrier has no more trunks at once than it allows") {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const auto fleet = random_fleet(random, seed % 2 == 0);
    VirtualRun run{Rollout(fleet.tasks, fleet.waves)};
    run.answer = [&](const Step& step) { return random_report(random, step.kind); };
    REQUIRE(run.run());

    std::map<TrunkIndex, std::vector<StepKind>> kinds;
    for (const auto& entry : run.started) kinds[entry.step.trunk].push_back(entry.step.kind);
    for (const auto& [trunk, steps] : kinds) {
      // No PATCH without an intent, no intent without a check, each at most once; only a failure at the end of the
      // soak is concluded a second time.
      const bool failed_late = steps.size() > 2 && steps[steps.size() - 2] == StepKind::settle;
      CHECK(std::set<StepKind>(steps.begin(), failed_late ? steps.end() - 1 : steps.end()).size() ==
            steps.size() - (failed_late ? 1 : 0));
      for (std::size_t i = 0; i + 1 < steps.size(); ++i)
        CHECK((steps[i] < steps[i + 1] || steps[i + 1] == StepKind::roll_back ||
               (steps[i] == StepKind::settle && steps[i + 1] == StepKind::conclude)));
      CHECK(steps.front() == StepKind::check);
    }
    // From its check to its last step before the soak a trunk takes one of the carrier's places; each place keeps the
    // stagger of the trunk before.
    std::map<std::string, std::vector<std::tuple<Instant, Instant, Duration>>> spans;
    for (const auto& [trunk, steps] : kinds) {
      if (!run.when(trunk, StepKind::read_back)) continue;  // nothing changed: it costs no stagger
      auto end = *run.when(trunk, StepKind::read_back);
      for (const auto& entry : run.started)
        if (entry.step.trunk == trunk && entry.step.kind != StepKind::settle &&
            !(run.when(trunk, StepKind::settle) && entry.at > *run.when(trunk, StepKind::settle)))
          end = std::max(end, entry.at + run.step_time);
      spans[fleet.place.at(trunk).first].emplace_back(*run.when(trunk, StepKind::check), end,
                                                      fleet.tasks[trunk].policy.stagger);
    }
    for (const auto& [lane, of_lane] : spans)
      for (const auto& [start, end, stagger] : of_lane) {
        std::size_t taken = 0;
        for (const auto& [from, to, gap] : of_lane) taken += from <= start && start < to + gap ? 1U : 0U;
        CHECK(taken <= fleet.max_parallel.at(lane));
      }
    // The trunks of a carrier are patched in the order of its waves.
    std::map<std::string, std::size_t> last_wave;
    for (const auto& entry : run.started) {
      if (entry.step.kind != StepKind::patch) continue;
      const auto& [lane, wave] = fleet.place.at(entry.step.trunk);
      CHECK(last_wave[lane] <= wave);
      last_wave[lane] = wave;
    }
    if (seed % 2 == 0) check_canaries(run, fleet);
    if (!run.machine.stopped())
      for (TrunkIndex trunk = 0; trunk < fleet.tasks.size(); ++trunk) CHECK(run.machine.phase(trunk) != Phase::waiting);
    for (TrunkIndex trunk = 0; trunk < fleet.tasks.size(); ++trunk) {
      CHECK(run.machine.phase(trunk) != Phase::running);
      CHECK(run.machine.phase(trunk) != Phase::soaking);
    }
  }
}
