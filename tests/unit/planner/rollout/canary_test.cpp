// A canary that drops out, or fails, while the rollout runs.
#include <catch2/catch.hpp>

#include "tests/unit/planner/rollout/virtual_run.hpp"

using namespace trunkform;
using namespace trunkform::rollout;
using namespace std::chrono_literals;
using enum StepKind;

namespace {

RolloutPolicy policy_of(int max_failures = 0) {
  RolloutPolicy policy;
  policy.canary = 1;
  policy.stagger = 0s;
  policy.soak = 10min;
  policy.max_failures = max_failures;
  return policy;
}

/// `number` trunks that are all to get `chain`.
std::vector<Task> tasks_of(std::size_t number, const RolloutPolicy& policy = policy_of(), bool probes = false) {
  auto tasks = make_tasks(number, policy, probes);
  for (auto& task : tasks) task.chain = "new";
  return tasks;
}

/// The canary, and all others behind it.
std::vector<TaskWave> canary_first(std::vector<TrunkIndex> others) {
  return {{"a", {0}, 1, true}, {"a", std::move(others), 1}};
}

VirtualRun run_of(std::vector<Task> tasks, std::vector<TaskWave> waves, Instant start_by = Instant::max()) {
  return VirtualRun{Rollout(starting_by(std::move(tasks), start_by), std::move(waves))};
}

Opens until(Duration closes) {
  return [=](Instant now) { return now < Instant(closes) ? now : Instant(24h); };
}

/// `second` is bound by itself, and `third` not before its soak is over.
void check_is_canary(const VirtualRun& run, TrunkIndex second, TrunkIndex third) {
  REQUIRE(run.when(second, conclude));
  REQUIRE(run.when(third, check));
  CHECK(*run.when(third, check) - *run.when(second, conclude) >= 10min);
}

}  // namespace

TEST_CASE("where the canary is not as planned any more, or bound already, the next trunk of its chain is the canary") {
  const auto found = GENERATE(Report::stale, Report::already);
  auto run = run_of(tasks_of(3), canary_first({1, 2}));
  run.answer = [=](const Step& step) { return step.trunk == 0 && step.kind == check ? found : Report::pass; };
  REQUIRE(run.run());
  check_is_canary(run, 1, 2);
  CHECK(*run.when(1, check) < Instant(10s));
  CHECK(run.machine.phase(2) == Phase::done);
}

TEST_CASE("somebody who is faster than the canary's PATCH makes it none") {
  auto run = run_of(tasks_of(3), canary_first({1, 2}));
  run.answer = [](const Step& step) { return step.trunk == 0 && step.kind == patch ? Report::stale : Report::pass; };
  REQUIRE(run.run());
  check_is_canary(run, 1, 2);
}

TEST_CASE("a canary whose window closes during the soak of another chain is followed by another canary") {
  auto tasks = tasks_of(4);
  tasks[0].chain = "other";
  tasks[1].opens = until(5min);
  auto run = run_of(std::move(tasks), {{"a", {0}, 1, true}, {"a", {1}, 1, true}, {"a", {2, 3}, 1}}, Instant(1h));
  REQUIRE(run.run());
  CHECK(run.machine.phase(1) == Phase::deferred);
  check_is_canary(run, 2, 3);
}

TEST_CASE("each chain of a wave gets its own canary, one soak after the other, and the order stays otherwise") {
  auto tasks = tasks_of(6);
  for (const TrunkIndex other : {1U, 3U, 5U}) tasks[other].chain = "other";
  auto run = run_of(std::move(tasks), {{"a", {0}, 1, true}, {"a", {1}, 1, true}, {"a", {2, 3, 4, 5}, 1}});
  run.answer = [](const Step& step) { return step.trunk < 2 ? Report::stale : Report::pass; };
  REQUIRE(run.run());
  check_is_canary(run, 2, 3);
  check_is_canary(run, 3, 4);
  CHECK(*run.when(5, check) - *run.when(4, conclude) < 1min);
}

TEST_CASE("a canary that fails lets no other trunk of its chain start, however many failures are allowed") {
  const auto failing = GENERATE(patch, read_back, probe, settle);
  auto tasks = tasks_of(5, policy_of(3), true);
  tasks[2].chain = "other";
  tasks[4].chain = "new";
  auto run = run_of(std::move(tasks), {{"a", {0}, 1, true}, {"a", {1, 2, 3}, 1}, {"b", {4}, 1, true}});
  run.answer = [=](const Step& step) { return step.trunk == 0 && step.kind == failing ? Report::fail : Report::pass; };
  REQUIRE(run.run());
  CHECK_FALSE(run.machine.stopped());
  for (const TrunkIndex held : {1U, 3U}) {
    CHECK(run.machine.phase(held) == Phase::held);
    CHECK(run.machine.failed_canary(held) == TrunkIndex(0));
    CHECK(run.steps_of(held).empty());
  }
  CHECK(run.machine.phase(2) == Phase::done);
  CHECK(run.machine.phase(4) == Phase::done);
}

TEST_CASE("the second of two canaries does not start after the first one failed") {
  auto run = run_of(tasks_of(3, policy_of(3)), {{"a", {0, 1}, 1, true}, {"a", {2}, 1}});
  run.answer = [](const Step& step) { return step.trunk == 0 && step.kind == patch ? Report::fail : Report::pass; };
  REQUIRE(run.run());
  CHECK(run.machine.phase(1) == Phase::held);
  CHECK(run.machine.phase(2) == Phase::held);
}

TEST_CASE("one of two canaries that is done is enough") {
  auto run = run_of(tasks_of(4), {{"a", {0, 1}, 1, true}, {"a", {2, 3}, 1}});
  run.answer = [](const Step& step) { return step.trunk == 0 ? Report::stale : Report::pass; };
  REQUIRE(run.run());
  CHECK(*run.when(3, check) - *run.when(2, conclude) < 1min);
}

TEST_CASE("a blue canary that is held is followed by another canary") {
  auto tasks = tasks_of(3);
  tasks[0].held = true;
  auto run = run_of(std::move(tasks), canary_first({1, 2}));
  REQUIRE(run.run());
  CHECK(run.machine.phase(0) == Phase::held);
  CHECK_FALSE(run.machine.failed_canary(0));
  check_is_canary(run, 1, 2);
}

TEST_CASE("the canary of an earlier run is one where its soak ends well, and none where it is another's by then") {
  auto tasks = tasks_of(3, policy_of(1));
  tasks[0].soaks_until = Instant(5min);
  auto run = run_of(std::move(tasks), canary_first({1, 2}));
  SECTION("well") {
    run.answer = [](const Step& step) { return step.trunk == 0 ? Report::unsettled : Report::pass; };
    REQUIRE(run.run());
    CHECK(*run.when(1, check) == Instant(5min));
    CHECK(*run.when(2, check) - *run.when(1, conclude) < 1min);
  }
  SECTION("another's") {
    run.answer = [](const Step& step) { return step.trunk == 0 ? Report::fail : Report::pass; };
    REQUIRE(run.run());
    check_is_canary(run, 1, 2);
  }
}

TEST_CASE("without canaries nobody takes the place of one") {
  auto policy = policy_of(1);
  policy.canary = 0;
  auto run = run_of(tasks_of(3, policy), canary_first({1, 2}));
  run.answer = [](const Step& step) { return step.trunk == 0 ? Report::fail : Report::pass; };
  REQUIRE(run.run());
  CHECK(*run.when(2, check) - *run.when(1, conclude) < 1min);
}
