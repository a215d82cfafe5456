// Failures, rollbacks and stops: what becomes of a trunk, and of those after it.
#include <catch2/catch.hpp>

#include "tests/unit/planner/rollout/virtual_run.hpp"

using namespace trunkform;
using namespace trunkform::rollout;
using namespace std::chrono_literals;
using enum StepKind;

TEST_CASE("a refused PATCH is concluded as failed, is not rolled back, and stops the rest") {
  VirtualRun run{Rollout(make_tasks(2, k_default, false), {{"a", {0, 1}}})};
  run.answer = [](const Step& step) { return step.kind == patch ? Report::fail : Report::pass; };
  REQUIRE(run.run());
  CHECK(run.steps_of(0) == Kinds{check, intend, patch, conclude});
  CHECK(run.machine.phase(0) == Phase::failed);
  CHECK(run.machine.phase(1) == Phase::waiting);
  CHECK(run.machine.stopped());
}

TEST_CASE("a certificate that is seen to fail is rolled back") {
  for (const auto failing : {read_back, probe, settle}) {
    VirtualRun run{Rollout(make_tasks(2, k_default, true), {{"a", {0}}, {"a", {1}}})};
    run.answer = [&](const Step& step) { return step.kind == failing ? Report::fail : Report::pass; };
    REQUIRE(run.run());
    CHECK(run.machine.phase(0) == Phase::rolled_back);
    CHECK(run.machine.phase(1) == Phase::waiting);
  }
}

TEST_CASE("without a way back, or with on_failure stop, the failure stands and the rest does not start") {
  for (const bool way_back : {true, false}) {
    RolloutPolicy policy;
    if (way_back) policy.on_failure = OnFailure::stop;
    VirtualRun run{Rollout(make_tasks(2, policy, true, way_back), {{"a", {0, 1}}})};
    run.answer = [](const Step& step) { return step.kind == probe ? Report::fail : Report::pass; };
    REQUIRE(run.run());
    CHECK(run.steps_of(0) == Kinds{check, intend, patch, read_back, probe, conclude});
    CHECK(run.machine.phase(0) == Phase::failed);
    CHECK(run.machine.phase(1) == Phase::waiting);
  }
}

TEST_CASE("on_failure continue goes on, and max_failures allows that many") {
  RolloutPolicy proceed;
  proceed.on_failure = OnFailure::proceed;
  VirtualRun all{Rollout(make_tasks(3, proceed, false), {{"a", {0, 1, 2}}})};
  all.answer = [](const Step& step) { return step.kind == patch ? Report::fail : Report::pass; };
  REQUIRE(all.run());
  CHECK(all.patches() == 3);
  CHECK_FALSE(all.machine.stopped());

  RolloutPolicy one;
  one.max_failures = 1;
  VirtualRun two{Rollout(make_tasks(3, one, false), {{"a", {0, 1, 2}}})};
  two.answer = all.answer;
  REQUIRE(two.run());
  CHECK(two.patches() == 2);
  CHECK(two.machine.stopped());
}

TEST_CASE("inconclusive finishes its wave and then stops, unless unreachable is accepted") {
  for (const auto unreachable : {Unreachable::stop, Unreachable::accept}) {
    RolloutPolicy policy;
    policy.unreachable = unreachable;
    VirtualRun run{Rollout(make_tasks(3, policy, true), {{"a", {0, 1}}, {"a", {2}}})};
    run.answer = [](const Step& step) { return step.kind == probe ? Report::inconclusive : Report::pass; };
    REQUIRE(run.run());
    CHECK(run.machine.phase(0) == Phase::done);
    CHECK(run.machine.phase(1) == Phase::done);
    CHECK(run.machine.inconclusive(0));
    CHECK(run.machine.stopped() == (unreachable == Unreachable::stop));
    CHECK(run.patches() == (unreachable == Unreachable::stop ? 2 : 3));
  }
}

TEST_CASE("an outcome that is not known leaves the intent open and stops") {
  VirtualRun run{Rollout(make_tasks(2, k_default, false), {{"a", {0, 1}}})};
  run.answer = [](const Step& step) { return step.kind == patch ? Report::uncertain : Report::pass; };
  REQUIRE(run.run());
  CHECK(run.steps_of(0) == Kinds{check, intend, patch});
  CHECK(run.machine.phase(0) == Phase::uncertain);
  CHECK(run.machine.phase(1) == Phase::waiting);
}

TEST_CASE("without a durable intent nothing is patched") {
  VirtualRun run{Rollout(make_tasks(2, k_default, false), {{"a", {0}}, {"b", {1}}})};
  run.answer = [](const Step& step) { return step.kind == intend && step.trunk == 0 ? Report::fail : Report::pass; };
  REQUIRE(run.run());
  CHECK(run.steps_of(0) == Kinds{check, intend});
  CHECK(run.machine.stopped());
}

TEST_CASE("stopping finishes the trunk in hand, starts no other and waits for no soak") {
  VirtualRun run{Rollout(make_tasks(3, k_default, true), {{"a", {0, 1}}, {"b", {2}}})};
  run.answer = [&](const Step& step) {
    if (step.kind == patch && step.trunk == 0) run.machine.stop("interrupted");
    return Report::pass;
  };
  REQUIRE(run.run());
  CHECK(run.steps_of(0) == Kinds{check, intend, patch, read_back, probe, conclude});
  CHECK(run.machine.phase(0) == Phase::done);
  CHECK(run.machine.phase(1) == Phase::waiting);
  CHECK(run.machine.phase(2) == Phase::done);
  CHECK(run.now < Instant(1min));
}

TEST_CASE("of a trunk that was only to be looked at nobody saw anything where a stop cut its soak short") {
  auto tasks = make_tasks(2, k_default, true);
  tasks[0].soaks_until = Instant(1h);
  VirtualRun run{Rollout(std::move(tasks), {{"a", {0, 1}}})};
  run.answer = [&](const Step& step) {
    if (step.kind == conclude) run.machine.stop("interrupted");
    return step.kind == check && step.trunk == 0 ? Report::unsettled : Report::pass;
  };
  REQUIRE(run.run());
  CHECK(run.machine.phase(0) == Phase::waiting);
  CHECK(run.machine.phase(1) == Phase::done);
}

TEST_CASE("a trunk that has the planned certificate already is done without a PATCH") {
  VirtualRun run{Rollout(make_tasks(2, k_default, true), {{"a", {0, 1}}})};
  run.answer = [](const Step& step) { return step.trunk == 0 ? Report::already : Report::pass; };
  REQUIRE(run.run());
  CHECK(run.steps_of(0) == Kinds{check});
  CHECK(run.machine.phase(0) == Phase::done);
  CHECK(run.machine.phase(1) == Phase::done);
}

TEST_CASE("a certificate that somebody else wrote meanwhile is never rolled back over") {
  VirtualRun run{Rollout(make_tasks(2, k_default, true), {{"a", {0, 1}}})};
  run.answer = [](const Step& step) { return step.kind == read_back ? Report::foreign : Report::pass; };
  REQUIRE(run.run());
  CHECK(run.steps_of(0) == Kinds{check, intend, patch, read_back, conclude});
  CHECK(run.machine.phase(0) == Phase::failed);
  CHECK(run.machine.phase(1) == Phase::waiting);
}
