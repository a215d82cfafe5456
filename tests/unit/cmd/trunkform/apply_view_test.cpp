#include "cmd/trunkform/views/apply_view.hpp"

#include <algorithm>
#include <sstream>

#include <catch2/catch.hpp>

#include "cmd/trunkform/wait_notice.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "tests/unit/planner/rollout/virtual_run.hpp"

using namespace trunkform;
using namespace trunkform::rollout;
using namespace std::chrono_literals;

namespace {

RolloutPolicy with_stagger(Duration stagger) {
  RolloutPolicy policy;
  policy.stagger = stagger;
  policy.soak = 0s;
  return policy;
}

/// What a run says, looking up every second: to a log file, or, drawn by drawn, to a terminal.
std::string said(VirtualRun run, views::LiveLine live = views::LiveLine::off, int columns = 100) {
  platform::SimulatedClock clock(Instant(0s));
  std::ostringstream out;
  views::ApplyView view(out, views::TextStyle(), live, clock, columns);
  run.after_ready = [&] {
    clock.adjust_wall(run.now - clock.now());
    view.on_progress(run.machine);
  };
  REQUIRE(run.run());
  return out.str();
}

VirtualRun of(std::vector<Task> tasks, Instant start_by = Instant::max()) {
  TaskWave all{"a", {}};
  for (TrunkIndex i = 0; i < tasks.size(); ++i) all.trunks.push_back(i);
  return {Rollout(starting_by(std::move(tasks), start_by), {all})};
}

/// A screen of one line, and what it showed: what is left of each line when the next is begun.
std::vector<std::string> drawn(const std::string& bytes) {
  static const std::string k_erase = "\r\x1b[2K";
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < bytes.size();) {
    const auto to = std::min(bytes.find(k_erase, from), bytes.size());
    if (to > from) lines.push_back(bytes.substr(from, to - from));
    from = to + k_erase.size();
  }
  return lines;
}

bool any(const std::vector<std::string>& lines, const std::string& line) {
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

}  // namespace

TEST_CASE("without a terminal each long wait is told once, with its end and its reason") {
  auto policy = with_stagger(3min);
  policy.soak = 10min;
  CHECK(said({Rollout(make_tasks(3, policy, false), {{"a", {0, 1}}, {"a", {2}}})}) ==
        "00:00:05 0 of 3 trunks done, 1 soaking; next at 1970-01-01T00:03:05Z, in 3 min: stagger of carrier a\n"
        "00:03:10 0 of 3 trunks done, 2 soaking; next at 1970-01-01T00:13:10Z, in 10 min: soak of carrier a\n");
}

TEST_CASE("a wait of seconds is not worth a line") { CHECK(said(of(make_tasks(3, with_stagger(15s), false))).empty()); }

TEST_CASE("a trunk that waits for its carrier's place is not told as running, and who has the place is named") {
  auto tasks = make_tasks(1, with_stagger(3min), false);
  tasks[0].paced = true;
  auto run = of(tasks);
  run.held = {Instant(5min), "a run of workspace \"east\x1b\""};
  const std::string why = "carrier a is taken by a run of workspace \"east\\u{1b}\"";
  SECTION("in a log") {
    CHECK(said(run) ==
          "00:00:01 0 of 1 trunk done, 0 soaking; next at 1970-01-01T00:05:00Z, in 4 min 59 s: " + why + "\n");
  }
  SECTION("on a terminal") {
    CHECK(any(drawn(said(run, views::LiveLine::on, 200)),
              "0 of 1 trunk done, 0 running, 0 soaking; next in 4 min 59 s: " + why));
  }
  SECTION("on a narrow one no line wraps, because it could not be taken away") {
    for (const auto& line : drawn(said(run, views::LiveLine::on, 60))) CHECK(views::text_width(line) <= 60);
  }
}

TEST_CASE("the live line says what is waited for: an opening, a stagger, a soak") {
  auto policy = with_stagger(3min);
  policy.soak = 10min;
  auto tasks = make_tasks(2, policy, true);
  for (auto& task : tasks) {
    task.opens = [](Instant now) { return std::max(now, Instant(1h)); };
    task.why_later = [](Instant at) { return at == Instant(1h) ? "the window opens then (rotate.window)" : "wrong"; };
  }
  const auto lines = drawn(said(of(tasks), views::LiveLine::on));
  CHECK(any(lines, "0 of 2 trunks done, 0 running, 0 soaking; next in 1 h: the window opens then (rotate.window)"));
  CHECK(any(lines, "0 of 2 trunks done, 0 running, 1 soaking; next in 3 min: stagger of carrier a"));
  CHECK(any(lines, "0 of 2 trunks done, 0 running, 2 soaking; next in 10 min: soak of carrier a"));
}

TEST_CASE("a wait for the service takes the live line's place on the terminal, and has one of its own in a log") {
  platform::SimulatedClock clock(Instant(0s));
  std::ostringstream screen;
  views::ApplyView view(screen, views::TextStyle(), views::LiveLine::on, clock);
  auto run = of(make_tasks(1, with_stagger(0s), false));
  (void)run.machine.ready(clock.now());
  view.on_progress(run.machine);
  std::istringstream nothing;
  const cli::Streams streams{screen, screen, nothing};
  cli::WaitNotice(streams, clock, "\r\x1b[2K").tell("another try in 30 s, because the service is busy", Instant(1min));
  const auto lines = drawn(screen.str());
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == "0 of 1 trunk done, 1 running, 0 soaking");
  CHECK(lines[1] ==
        "Waiting for another try in 30 s, because the service is busy; until 1970-01-01T00:01:00Z at the latest.\n");
}
