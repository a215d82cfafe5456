// What window_table.txt cannot say: windows that never or always open, bad ones, and how an instant is shown.
#include "planner/schedule/window.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;
using namespace trunkform::schedule;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

enum Day { sun, mon };

Instant instant(const char* text) { return parse_rfc3339(text).value(); }

Window window(std::vector<int> days, minutes start, Duration length, std::string zone = "UTC") {
  return {std::move(days), start, length, std::move(zone), {}};
}

std::vector<Opening> openings(const std::vector<Window>& windows, const char* from, std::size_t count) {
  return next_openings(windows, instant(from), count).value();
}

}  // namespace

TEST_CASE("an instant is shown in the window's time zone, on both sides of a clock change") {
  CHECK(local_text(instant("2027-03-14T06:59:59Z"), "America/New_York") == "Sun 2027-03-14 01:59 EST");
  CHECK(local_text(instant("2027-03-14T07:00:00Z"), "America/New_York") == "Sun 2027-03-14 03:00 EDT");
  CHECK(local_text(instant("2027-03-14T07:00:00Z"), "") == "Sun 2027-03-14 07:00 UTC");
  CHECK(local_text(instant("2027-03-14T07:00:00Z"), "Nowhere/Land") == "Sun 2027-03-14 07:00 UTC");
}

TEST_CASE("a window that is always open is found open without end") {
  const std::vector always{window({}, hours(0), hours(24))};
  CHECK(is_open(always, instant("2026-11-24T12:34:56Z")).value());
  CHECK(openings(always, "2026-11-24T12:00:00Z", 2).size() == 1);
}

TEST_CASE("a window whose every date is excepted is passed over, however many there are") {
  auto monthly = window({mon}, hours(2), hours(1));
  monthly.except = {"2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21", "2026-12-28", "2027-01-04"};
  CHECK(openings({monthly}, "2026-11-24T00:00:00Z", 1).front().opens == instant("2027-01-11T02:00:00Z"));
}

TEST_CASE("no windows have no openings") { CHECK(openings({}, "2026-11-24T00:00:00Z", 2).empty()); }

TEST_CASE("a bad window is refused with each argument that is wrong") {
  const auto good = window({mon}, hours(2), hours(4), "Europe/Berlin");
  REQUIRE(check_window(good).empty());
  const auto wrong = [&](auto spoil) {
    auto bad = good;
    spoil(bad);
    const auto problems = check_window(bad);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].error.code == ErrorCode::invalid_input);
    CHECK_FALSE(problems[0].error.detail.empty());
    const auto asked = next_openings({bad}, instant("2026-11-24T00:00:00Z"), 1);
    REQUIRE_FALSE(asked);
    CHECK(asked.error().summary == problems[0].error.summary);
    return std::string(problems[0].argument) + ": " + problems[0].error.summary;
  };
  for (const char* zone : {"Europe/Atlantis", "../../etc/passwd", "/etc/localtime", ""})
    CHECK(wrong([&](Window& bad) { bad.timezone = zone; }) ==
          "timezone: there is no time zone \"" + std::string(zone) + "\"");
  CHECK(wrong([](Window& bad) { bad.days = {7}; }) == "days: a window opens on a day that no week has");
  CHECK(wrong([](Window& bad) { bad.start = hours(24); }) == "start: a window opens outside the day");
  for (const auto length : {Duration::zero(), Duration(hours(24 * 7)) + Duration(1)})
    CHECK(wrong([&](Window& bad) { bad.length = length; }) ==
          "for: a window is open for no time, or for more than seven days");
  for (const char* date : {"2026-02-30", "2027-02-29", "26-01-01", "2026-1-1", "2026/01/01", "", "2026-01-0x"})
    CHECK(wrong([&](Window& bad) { bad.except = {date}; }) == "except: \"" + std::string(date) + "\" is no date");
  auto twice = good;
  twice.timezone = "";
  twice.except = {"soon", "later"};
  CHECK(check_window(twice).size() == 3);
}
