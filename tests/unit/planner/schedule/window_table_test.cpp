// Clock changes, midnight, leap days, zones, freezes, and what comes too late: window_table.txt, line by line.
#include "tests/unit/planner/schedule/window_table.hpp"

#include <catch2/catch.hpp>

#include "planner/schedule/not_before.hpp"

using namespace trunkform;
using namespace trunkform::schedule;
using trunkform::testing::read_window_table;
using trunkform::testing::WindowCase;

namespace {

std::string written(const std::vector<Opening>& openings) {
  std::string text;
  for (const auto& opening : openings) text += to_rfc3339(opening.opens) + " " + to_rfc3339(opening.closes) + "\n";
  return text;
}

std::string because(const std::string& cause) {
  const auto says = [&](const char* part) { return cause.find(part) != std::string::npos; };
  if (cause.empty()) return "nothing";
  return says("rotate.window")                                     ? "window"
         : says("rotate.min_age")                                  ? "min_age"
         : says("not valid")                                       ? "not_yet_valid"
         : says("rollout.stagger") || says("carrier.max_parallel") ? "pace"
                                                                   : cause;
}

std::string ignored(const std::vector<std::string>& warnings) {
  if (warnings.empty()) return "no";
  const auto says = [&](const char* part) { return warnings.front().find(part) != std::string::npos; };
  return says("second next window") ? "too_late" : says("live expired") ? "expired" : warnings.front();
}

void check_openings(const WindowCase& asked) {
  const auto expected = asked.opens();
  const auto from = *asked.instant("from");
  CHECK(written(next_openings(asked.windows(), from, expected.size()).value()) == written(expected));
  CHECK(is_open(asked.windows(), from).value() == (expected.front().opens <= from));
}

void check_deferral(const WindowCase& asked) {
  RotatePolicy policy;
  policy.windows = asked.windows();
  if (asked.has("min_age")) policy.min_age = parse_duration(asked.text("min_age")).value();
  const auto now = *asked.instant("now");
  std::optional<PaceWait> paced;
  if (const auto until = asked.instant("paced")) paced = PaceWait{*until, "a run of this state"};
  const auto deferral = defer({policy, asked.instant("expiry"), asked.instant("offered"), paced,
                               asked.has("ignore_window") ? WindowRule::ignore : WindowRule::honour, now});
  CHECK((deferral.not_before ? to_rfc3339(*deferral.not_before) : "now") == asked.text("not_before"));
  CHECK(because(deferral.cause) == asked.text("because"));
  CHECK(ignored(deferral.warnings) == asked.text("ignored"));
}

}  // namespace

TEST_CASE("windows open, and writes wait, as the table says that was written without the product") {
  const auto table = read_window_table();
  REQUIRE(table.size() >= 60);
  for (const auto& asked : table) {
    INFO(asked.name);
    asked.has("from") ? check_openings(asked) : check_deferral(asked);
  }
}
