#include "cmd/trunkform/views/apply_view.hpp"

#include <sstream>

#include <catch2/catch.hpp>

#include "providers/platform/simulated/clock.hpp"
#include "tests/unit/planner/rollout/virtual_run.hpp"

using namespace trunkform;
using namespace trunkform::rollout;
using namespace std::chrono_literals;

namespace {

/// What a run of three trunks on one carrier says to a log file, looking up every second.
std::string said(const RolloutPolicy& policy) {
  platform::SimulatedClock clock(Instant(0s));
  std::ostringstream out;
  views::ApplyView view(out, views::TextStyle(), views::LiveLine::off, clock);
  VirtualRun run{Rollout(make_tasks(3, policy, false), {{"a", {0, 1, 2}}})};
  run.before_each = [&] {
    clock.adjust_wall(run.now - clock.now());
    view.on_progress(run.machine, run.machine.wakes_at());
  };
  REQUIRE(run.run());
  return out.str();
}

}  // namespace

TEST_CASE("without a terminal each long wait is told once, with its end") {
  RolloutPolicy policy;
  policy.stagger = 3min;
  CHECK(said(policy) ==
        "00:00:05 0 of 3 trunks done, 1 soaking; next at 1970-01-01T00:03:05Z, in 3 min\n"
        "00:03:10 0 of 3 trunks done, 2 soaking; next at 1970-01-01T00:06:10Z, in 3 min\n");
}

TEST_CASE("a wait of seconds is not worth a line") {
  RolloutPolicy policy;
  policy.stagger = 15s;
  CHECK(said(policy).empty());
}
