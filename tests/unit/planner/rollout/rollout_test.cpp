#include "planner/rollout/rollout.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/planner/rollout/virtual_run.hpp"

using namespace trunkform;
using namespace trunkform::rollout;
using namespace std::chrono_literals;
using enum StepKind;

TEST_CASE("a trunk is checked, intended, patched, read back, probed, concluded and settled, in this order") {
  VirtualRun run{Rollout(make_tasks(1, k_default, true), {{"a", {0}}})};
  REQUIRE(run.run());
  CHECK(run.steps_of(0) == Kinds{check, intend, patch, read_back, probe, conclude, settle});
  CHECK(run.machine.phase(0) == Phase::done);
  CHECK(*run.when(0, settle) - *run.when(0, conclude) == k_default.soak + 1s);
}

TEST_CASE("without a probe the last wave has no soak, for nothing would be looked at") {
  VirtualRun run{Rollout(make_tasks(1, k_default, false), {{"a", {0}}})};
  REQUIRE(run.run());
  CHECK(run.steps_of(0) == Kinds{check, intend, patch, read_back, conclude});
  CHECK(run.now < Instant(10s));
}

TEST_CASE("the stagger runs from the end of one trunk to the start of the next") {
  VirtualRun run{Rollout(make_tasks(2, k_default, false), {{"a", {0, 1}}})};
  REQUIRE(run.run());
  CHECK(*run.when(1, check) - (*run.when(0, conclude) + run.step_time) == k_default.stagger);
}

TEST_CASE("a soak lies between two waves of a carrier") {
  VirtualRun run{Rollout(make_tasks(2, k_default, false), {{"a", {0}}, {"a", {1}}})};
  REQUIRE(run.run());
  CHECK(*run.when(1, check) - (*run.when(0, conclude) + run.step_time) == k_default.soak);
}

TEST_CASE(
    "what is left of an earlier soak is waited for where the trunk is bound already, and not where it is bound anew") {
  auto tasks = make_tasks(1, k_default, true);
  tasks[0].soaks_until = Instant(40s);
  VirtualRun run{Rollout(std::move(tasks), {{"a", {0}}})};
  const bool is_bound = GENERATE(true, false);
  run.answer = [&](const Step& step) { return step.kind == check && is_bound ? Report::unsettled : Report::pass; };
  REQUIRE(run.run());
  if (is_bound)
    CHECK(*run.when(0, settle) == Instant(40s));
  else
    CHECK(*run.when(0, settle) - *run.when(0, conclude) == k_default.soak + 1s);
}

TEST_CASE("between two waves the longer of stagger and soak counts") {
  auto policy = k_default;
  for (const auto soak : {Duration(0s), Duration(30s), Duration(1h)}) {
    policy.soak = soak;
    VirtualRun run{Rollout(make_tasks(2, policy, false), {{"a", {0}}, {"a", {1}}})};
    REQUIRE(run.run());
    CHECK(*run.when(1, check) - (*run.when(0, conclude) + run.step_time) == std::max(policy.stagger, soak));
  }
}

TEST_CASE("settling one trunk keeps no stagger to the next wave, its rollback does") {
  auto policy = k_default;
  policy.max_failures = 1;
  VirtualRun run{Rollout(make_tasks(2, policy, true), {{"a", {0}}, {"a", {1}}})};
  SECTION("settled") {
    REQUIRE(run.run());
    CHECK(*run.when(1, check) == *run.when(0, settle) + run.step_time);
  }
  SECTION("rolled back") {
    run.answer = [](const Step& step) { return step.kind == settle && step.trunk == 0 ? Report::fail : Report::pass; };
    REQUIRE(run.run());
    CHECK(*run.when(1, check) - (*run.when(0, roll_back) + run.step_time) == policy.stagger);
  }
}

TEST_CASE("a carrier that allows it has several trunks changed at once, each with a stagger after it") {
  VirtualRun run{Rollout(make_tasks(5, k_default, true), {{"a", {0, 1, 2, 3}, 2}, {"a", {4}, 2}})};
  REQUIRE(run.run());
  CHECK(*run.when(0, check) == *run.when(1, check));
  CHECK(*run.when(2, check) - (*run.when(0, conclude) + run.step_time) == k_default.stagger);
  CHECK(*run.when(3, check) == *run.when(2, check));
  CHECK(*run.when(4, check) > *run.when(3, settle));
  CHECK(run.machine.progress().finished == 5);
}

TEST_CASE("a failure beside another trunk lets that one finish, and starts no third") {
  VirtualRun run{Rollout(make_tasks(3, k_default, true), {{"a", {0, 1, 2}, 2}})};
  run.answer = [](const Step& step) { return step.kind == patch && step.trunk == 0 ? Report::fail : Report::pass; };
  REQUIRE(run.run());
  CHECK(run.machine.phase(0) == Phase::failed);
  CHECK(run.machine.phase(1) == Phase::done);
  CHECK(run.machine.phase(2) == Phase::waiting);
  CHECK(run.machine.stopped());
}

TEST_CASE("of the waves of one carrier the smallest max_parallel counts, and never more than there are trunks") {
  VirtualRun careful{Rollout(make_tasks(4, k_default, false), {{"a", {0, 1}, 2}, {"a", {2, 3}, 1}})};
  REQUIRE(careful.run());
  CHECK(*careful.when(1, check) > *careful.when(0, conclude));
  VirtualRun huge{Rollout(make_tasks(2, k_default, false), {{"a", {0, 1}, SIZE_MAX}})};
  REQUIRE(huge.run());
  CHECK(*huge.when(1, check) == *huge.when(0, check));
}

namespace {
/// Open from `opens` on, and again a day later.
Opens daily(Duration opens, Duration length) {
  return [=](Instant now) {
    for (Instant day{};; day += 24h)
      if (now < day + opens + length) return std::max(now, day + opens);
  };
}
}  // namespace

TEST_CASE("a trunk starts in its opening; one that opens after what the run waits for is deferred") {
  auto tasks = make_tasks(3, k_default, false);
  tasks[0].opens = daily(10min, 1h);
  tasks[1].opens = daily(10min, 1h);
  tasks[2].opens = daily(12h, 1h);
  VirtualRun run{Rollout(starting_by(tasks, Instant(2h)), {{"a", {0, 1, 2}}})};
  REQUIRE(run.run());
  CHECK(*run.when(0, check) == Instant(10min));
  CHECK(*run.when(1, check) == *run.when(0, conclude) + run.step_time + k_default.stagger);
  CHECK(run.machine.phase(2) == Phase::deferred);
  CHECK_FALSE(run.machine.stopped());
}

TEST_CASE("what opens after the time of its own trunk is deferred, however long another one is waited for") {
  auto tasks = make_tasks(2, k_default, false);
  for (auto& task : tasks) task.opens = daily(10min, 1h);
  tasks[0].start_by = Instant(3min);
  tasks[1].start_by = Instant(30min);
  VirtualRun run{Rollout(tasks, {{"a", {0}}, {"b", {1}}})};
  REQUIRE(run.run());
  CHECK(run.machine.phase(0) == Phase::deferred);
  CHECK(*run.when(1, check) == Instant(10min));
}

TEST_CASE("what the window closes on while the rollout runs is deferred, and the next wave is not begun outside it") {
  auto tasks = make_tasks(4, k_default, true);
  for (auto& task : tasks) task.opens = daily(0s, 4min);
  SECTION("nobody waits") {
    VirtualRun run{Rollout(starting_by(tasks, Instant(1h)), {{"a", {0}}, {"a", {1, 2, 3}}})};
    REQUIRE(run.run());
    CHECK(run.machine.phase(0) == Phase::done);
    for (const TrunkIndex later : {1U, 2U, 3U}) CHECK(run.machine.phase(later) == Phase::deferred);
    CHECK(run.patches() == 1);
  }
  SECTION("the run waits for the next opening") {
    VirtualRun run{Rollout(starting_by(tasks, Instant(30h)), {{"a", {0, 1, 2, 3}}})};
    REQUIRE(run.run());
    CHECK(*run.when(1, check) < Instant(4min));
    CHECK(*run.when(2, check) == Instant(24h));
    CHECK(*run.when(3, check) < Instant(24h + 4min));
  }
}

TEST_CASE("a carrier that another run holds is waited for, and a stop meanwhile leaves the trunk untouched") {
  auto tasks = make_tasks(2, k_default, false);
  for (auto& task : tasks) task.paced = true;
  VirtualRun run{Rollout(tasks, {{"a", {0, 1}}})};
  run.held = {Instant(7min), "a run of this state"};
  SECTION("waited for") {
    REQUIRE(run.run());
    CHECK(run.steps_of(0) == Kinds{reserve, reserve, check, intend, patch, read_back, conclude});
    CHECK(*run.when(0, check) == Instant(7min) + run.step_time);
    CHECK(run.machine.phase(1) == Phase::done);
  }
  SECTION("stopped") {
    run.before_each = [&] {
      if (run.now >= Instant(1s)) run.machine.stop("interrupted");
    };
    REQUIRE(run.run());
    CHECK(run.machine.phase(0) == Phase::waiting);
    CHECK(run.patches() == 0);
  }
}

TEST_CASE("blue starts when green is done, verified and soaked, in another lane too, and is held where green is not") {
  auto tasks = make_tasks(2, k_default, true);
  tasks[1].after = {0};
  const auto in_two_lanes = GENERATE(true, false);
  VirtualRun run{Rollout(tasks, {{"a", {0}}, {in_two_lanes ? "b" : "a", {1}}})};
  SECTION("green is fine") {
    REQUIRE(run.run());
    CHECK(*run.when(1, check) >= *run.when(0, settle) + run.step_time);
    CHECK(run.machine.phase(1) == Phase::done);
  }
  SECTION("green fails at the end of its soak, and failures are allowed") {
    tasks[0].policy.max_failures = 1;
    run.machine = Rollout(tasks, {{"a", {0}}, {in_two_lanes ? "b" : "a", {1}}});
    run.answer = [](const Step& step) { return step.kind == settle && step.trunk == 0 ? Report::fail : Report::pass; };
    REQUIRE(run.run());
    CHECK(run.machine.phase(0) == Phase::rolled_back);
    CHECK(run.machine.phase(1) == Phase::held);
    CHECK(run.patches() == 1);
  }
  SECTION("green opens too late for this run: so does blue") {
    tasks[0].opens = [](Instant) { return Instant(1h); };
    run.machine = Rollout(starting_by(tasks, Instant(1min)), {{"a", {0}}, {in_two_lanes ? "b" : "a", {1}}});
    REQUIRE(run.run());
    CHECK(run.machine.phase(0) == Phase::deferred);
    CHECK(run.machine.phase(1) == Phase::deferred);
  }
  SECTION("green was not seen, and that is accepted") {
    tasks[0].policy.unreachable = Unreachable::accept;
    run.machine = Rollout(tasks, {{"a", {0}}, {in_two_lanes ? "b" : "a", {1}}});
    run.answer = [](const Step& step) {
      return step.kind == settle && step.trunk == 0 ? Report::inconclusive : Report::pass;
    };
    REQUIRE(run.run());
    CHECK(run.machine.phase(1) == Phase::done);
  }
}

TEST_CASE("green's soak is kept without a probe where a blue waits for it, in another lane too, and else not") {
  auto tasks = make_tasks(3, k_default, false);
  tasks[1].after = {0};
  const auto in_two_lanes = GENERATE(true, false);
  VirtualRun run{Rollout(tasks, {{"a", {0}}, {in_two_lanes ? "b" : "a", {1}}, {"c", {2}}})};
  REQUIRE(run.run());
  CHECK(*run.when(1, check) - *run.when(0, conclude) == k_default.soak + 1s);
  CHECK(run.machine.phase(2) == Phase::done);
  CHECK(run.now < *run.when(1, conclude) + 2s);
}

TEST_CASE("a soak that only a blue that is held would wait for is not kept") {
  auto tasks = make_tasks(2, k_default, false);
  tasks[1].after = {0};
  tasks[1].held = true;
  VirtualRun run{Rollout(tasks, {{"a", {0}}, {"b", {1}}})};
  REQUIRE(run.run());
  CHECK(run.now < Instant(10s));
}

TEST_CASE("a carrier with two places sleeps while its next trunk waits for an opening") {
  auto tasks = make_tasks(3, k_default, false);
  tasks[2].opens = daily(1h, 1h);
  VirtualRun run{Rollout(starting_by(tasks, Instant(2h)), {{"a", {0, 1, 2}, 2}})};
  REQUIRE(run.run());
  CHECK(*run.when(2, check) == Instant(1h));
}

TEST_CASE("what an interrupted run left failed is rolled back first, without a check") {
  auto tasks = make_tasks(2, k_default, true);
  tasks[0].rollback_due = true;
  VirtualRun run{Rollout(tasks, {{"a", {0}}, {"a", {1}}})};
  REQUIRE(run.run());
  CHECK(run.steps_of(0) == Kinds{roll_back});
  CHECK(run.machine.phase(0) == Phase::rolled_back);
  CHECK(*run.when(1, check) - (*run.when(0, roll_back) + run.step_time) == k_default.stagger);
  CHECK(run.machine.phase(1) == Phase::done);
}

TEST_CASE("at the end of its time a run finishes the trunk in hand and starts no other") {
  VirtualRun run{Rollout(make_tasks(2, k_default, true), {{"a", {0}}, {"a", {1}}})};
  run.before_each = [&] {
    if (run.now >= Instant(5min)) run.machine.end_early("its time is over");
  };
  REQUIRE(run.run());
  CHECK(run.machine.phase(0) == Phase::done);
  CHECK(run.machine.phase(1) == Phase::waiting);
  CHECK(run.machine.ended_early());
}

TEST_CASE("carriers go side by side") {
  VirtualRun run{Rollout(make_tasks(2, k_default, false), {{"a", {0}}, {"b", {1}}})};
  REQUIRE(run.run());
  CHECK(*run.when(0, check) == *run.when(1, check));
}

TEST_CASE("a trunk that changed since the plan stops alone and costs no stagger") {
  VirtualRun run{Rollout(make_tasks(2, k_default, false), {{"a", {0, 1}}})};
  run.answer = [](const Step& step) { return step.trunk == 0 ? Report::stale : Report::pass; };
  REQUIRE(run.run());
  CHECK(run.machine.phase(0) == Phase::stale);
  CHECK(run.machine.phase(1) == Phase::done);
  CHECK(*run.when(1, check) == *run.when(0, check) + run.step_time);
  CHECK_FALSE(run.machine.stopped());
}

TEST_CASE("a trunk that somebody else was faster on is concluded, and stops nobody") {
  VirtualRun run{Rollout(make_tasks(2, k_default, false), {{"a", {0, 1}}})};
  run.answer = [](const Step& step) { return step.kind == patch && step.trunk == 0 ? Report::stale : Report::pass; };
  REQUIRE(run.run());
  CHECK(run.machine.phase(0) == Phase::stale);
  CHECK(run.when(0, conclude));
  CHECK(run.machine.phase(1) == Phase::done);
  CHECK(run.machine.failures() == 0);
  CHECK_FALSE(run.machine.stopped());
}

TEST_CASE("a place of the carrier that is had only after a stop starts nothing") {
  auto tasks = make_tasks(1, k_default, false);
  tasks[0].paced = true;
  VirtualRun run{Rollout(tasks, {{"a", {0}}})};
  // The stop comes while the place is being taken.
  run.after_ready = [&] { run.machine.stop("interrupted"); };
  REQUIRE(run.run());
  CHECK(run.steps_of(0) == Kinds{reserve});
  CHECK(run.machine.phase(0) == Phase::waiting);
}
