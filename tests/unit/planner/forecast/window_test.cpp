// Windows: which opening a rotation goes into, over clock changes, exceptions, and when it comes too late.
#include <catch2/catch.hpp>

#include "tests/unit/planner/forecast/fleet.hpp"

using namespace trunkform;
using namespace trunkform::forecast;
using namespace trunkform::forecast::test;
using namespace std::chrono_literals;

namespace {

constexpr int k_sunday = 0;
constexpr int k_saturday = 6;

/// One trunk that is due on `due`, its source in time, one window.
std::vector<Rotation> rotations(Instant start, Instant due, const Window& window) {
  Fleet fleet(start, due + days(40));
  auto& member = fleet.add("a", due - days(60), due + days(30));
  member.binding.rotate.edit().windows = {window};
  fleet.renewal = *parse_renewal("at=0.5");
  const auto forecast = fleet.run();
  CHECK(forecast.renewed->lapses.empty());
  return rotations_of(*forecast.renewed, 0);
}

}  // namespace

TEST_CASE("a rotation waits for its window, in the window's time zone") {
  const auto found = rotations(at("2026-11-27T12:00:00Z"), at("2026-12-09T00:00:00Z"),
                               window({k_saturday}, 2h, 4h, "America/New_York"));
  REQUIRE(found.size() == 1);
  CHECK(found[0].begins >= at("2026-12-12T07:00:00Z"));
  CHECK(found[0].begins < at("2026-12-12T07:01:00Z"));
  REQUIRE(found[0].window);
  CHECK(found[0].window->closes == at("2026-12-12T11:00:00Z"));
  CHECK_FALSE(found[0].outside_window);
}

TEST_CASE("when clocks go forward, the window that the change skips opens at the change") {
  // 2027-03-14, 02:00 EST becomes 03:00 EDT.
  const auto found = rotations(at("2027-02-20T12:00:00Z"), at("2027-03-10T00:00:00Z"),
                               window({k_sunday}, 2h + 30min, 4h, "America/New_York"));
  REQUIRE(found.size() == 1);
  CHECK(found[0].window->opens == at("2027-03-14T07:00:00Z"));
  CHECK(to_rfc3339(found[0].begins).starts_with("2027-03-14T07:00"));
}

TEST_CASE("when clocks go back, the window opens the first time and keeps its length") {
  // 2027-11-07, 02:00 EDT becomes 01:00 EST.
  const auto found = rotations(at("2027-10-20T12:00:00Z"), at("2027-11-03T00:00:00Z"),
                               window({k_sunday}, 1h + 30min, 2h, "America/New_York"));
  REQUIRE(found.size() == 1);
  CHECK(found[0].window->opens == at("2027-11-07T05:30:00Z"));
  CHECK(found[0].window->closes == at("2027-11-07T07:30:00Z"));
}

TEST_CASE("a day that is excepted is a week more") {
  auto weekly = window({k_saturday}, 2h, 4h, "Europe/Berlin");
  weekly.except = {"2026-12-26"};
  const auto found = rotations(at("2026-11-27T12:00:00Z"), at("2026-12-22T00:00:00Z"), weekly);
  REQUIRE(found.size() == 1);
  CHECK(found[0].window->opens == at("2027-01-02T01:00:00Z"));
}

TEST_CASE("a window that would come too late is ignored, and the forecast says so") {
  const auto start = at("2026-11-27T12:00:00Z");
  Fleet fleet(start, start + days(60));
  auto& member = fleet.add("a", start - days(84), start + days(6));
  Fleet::offer(member, start - days(1), start + days(89));
  member.binding.rotate.edit().windows = {window({k_saturday}, 2h, 4h, "UTC")};
  const auto found = rotations_of(*fleet.run().renewed, 0);
  REQUIRE_FALSE(found.empty());
  CHECK(found[0].window_ignored);
  CHECK(found[0].bound < start + 1min);
  CHECK(found[0].warning.find("before the end of the second next window") != std::string::npos);
}

TEST_CASE("a rollout that outlasts its window goes on in the next ones, and at last outside of them") {
  // Eight trunks an hour apart, two in each window of two hours, and four days until they end.
  const auto ends = at("2026-12-05T06:30:00Z");
  Fleet fleet(k_start, k_start + days(30));
  for (int i = 0; i < 8; ++i) {
    auto& member = fleet.add(std::string(1, static_cast<char>('a' + i)), ends - days(90), ends);
    Fleet::offer(member, k_start - days(10), k_start + days(80));
    member.binding.rotate.edit().windows = {window({}, 2h, 2h, "UTC")};
    member.binding.rotate.edit().before_expiry = days(4);
    member.binding.rollout.edit().stagger = 1h;
  }
  const auto scenario = fleet.run().as_offered;
  REQUIRE(scenario.rotations.size() == 8);
  CHECK(scenario.lapses.empty());
  REQUIRE(scenario.runs.size() == 3);
  CHECK(scenario.runs[0].begins == at("2026-12-02T02:00:00Z"));
  CHECK(scenario.runs[0].trunks == 2);
  CHECK(scenario.runs[1].trunks == 2);
  CHECK(scenario.runs[2].begins == at("2026-12-04T02:00:00Z"));
  CHECK_FALSE(scenario.rotations[5].outside_window);
  // For the last two the window after the next one would be too late: the rollout does not stop for it.
  CHECK(scenario.runs[2].trunks == 4);
  CHECK(scenario.rotations[6].outside_window);
  CHECK(scenario.rotations[7].outside_window);
}

TEST_CASE("apply that runs too seldom is told apart from a window that comes too late") {
  const auto start = at("2026-11-27T12:00:00Z");
  Fleet fleet(start, start + days(80));
  fleet.assumptions.apply_every = days(40);
  auto& member = fleet.add("a", start - days(50), start + days(31));
  Fleet::offer(member, start - days(1), start + days(89));
  const auto lapses = lapses_of(fleet.run().as_offered, 0);
  REQUIRE(lapses.size() == 1);
  CHECK(lapses[0].from == start + days(31));
  CHECK(lapses[0].until < start + days(40) + 1min);
  CHECK(lapses[0].cause == LapseCause::run_too_late);
}
