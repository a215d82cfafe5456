#include "planner/schedule/window.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;
using namespace trunkform::schedule;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

enum Day { sun, mon, tue, wed, thu, fri, sat };

Instant instant(const char* text) { return parse_rfc3339(text).value(); }

Window window(std::vector<int> days, minutes start, Duration length, std::string zone = "UTC") {
  return {std::move(days), start, length, std::move(zone), {}};
}

std::vector<Opening> openings(const std::vector<Window>& windows, const char* from, std::size_t count) {
  return next_openings(windows, instant(from), count).value();
}

Opening opening(const char* opens, const char* closes) { return {instant(opens), instant(closes)}; }

}  // namespace

TEST_CASE("a weekly window opens on its days at its local start") {
  // 2026-11-24 is a Tuesday; New York is at UTC-5.
  const auto weekend = window({sat, sun}, hours(2), hours(4), "America/New_York");
  CHECK(openings({weekend}, "2026-11-24T23:00:00Z", 3) ==
        std::vector{opening("2026-11-28T07:00:00Z", "2026-11-28T11:00:00Z"),
                    opening("2026-11-29T07:00:00Z", "2026-11-29T11:00:00Z"),
                    opening("2026-12-05T07:00:00Z", "2026-12-05T11:00:00Z")});
}

TEST_CASE("an instant is shown in the window's time zone, on both sides of a clock change") {
  CHECK(local_text(instant("2027-03-14T06:59:59Z"), "America/New_York") == "Sun 2027-03-14 01:59 EST");
  CHECK(local_text(instant("2027-03-14T07:00:00Z"), "America/New_York") == "Sun 2027-03-14 03:00 EDT");
  CHECK(local_text(instant("2027-03-14T07:00:00Z"), "") == "Sun 2027-03-14 07:00 UTC");
  CHECK(local_text(instant("2027-03-14T07:00:00Z"), "Nowhere/Land") == "Sun 2027-03-14 07:00 UTC");
}

TEST_CASE("a window that is open now is the first opening, with its true start") {
  const auto nightly = window({}, hours(2), hours(4));
  CHECK(openings({nightly}, "2026-11-24T03:00:00Z", 1) ==
        std::vector{opening("2026-11-24T02:00:00Z", "2026-11-24T06:00:00Z")});
}

TEST_CASE("a window is half open: at its start it is open, at its end it is not") {
  const std::vector nightly{window({}, hours(2), hours(4))};
  CHECK_FALSE(is_open(nightly, instant("2026-11-24T01:59:59Z")).value());
  CHECK(is_open(nightly, instant("2026-11-24T02:00:00Z")).value());
  CHECK(is_open(nightly, instant("2026-11-24T05:59:59Z")).value());
  CHECK_FALSE(is_open(nightly, instant("2026-11-24T06:00:00Z")).value());
}

TEST_CASE("a window across midnight belongs to the day on which it opens") {
  const std::vector saturday_night{window({sat}, hours(23), hours(4))};
  CHECK(is_open(saturday_night, instant("2026-11-29T02:59:00Z")).value());        // Sunday
  CHECK_FALSE(is_open(saturday_night, instant("2026-11-28T02:00:00Z")).value());  // Friday's night
}

TEST_CASE("an excepted date is the local date on which the window would open") {
  auto nightly = window({}, hours(23), hours(4), "Europe/Berlin");
  nightly.except = {"2026-12-24"};
  CHECK_FALSE(is_open({nightly}, instant("2026-12-24T23:00:00Z")).value());
  CHECK(is_open({nightly}, instant("2026-12-23T23:00:00Z")).value());  // opened on the 23rd
  CHECK(openings({nightly}, "2026-12-24T12:00:00Z", 1).front().opens == instant("2026-12-25T22:00:00Z"));
}

TEST_CASE("a start that the clock skips in spring opens at the change") {
  // New York, 2027-03-14: 02:00 EST becomes 03:00 EDT, at 07:00 UTC.
  const auto sunday = window({sun}, hours(2) + minutes(30), hours(4), "America/New_York");
  CHECK(openings({sunday}, "2027-03-13T12:00:00Z", 1) ==
        std::vector{opening("2027-03-14T07:00:00Z", "2027-03-14T11:00:00Z")});
}

TEST_CASE("a start that happens twice in autumn opens the first time, and the length is elapsed time") {
  // New York, 2026-11-01: 02:00 EDT becomes 01:00 EST; 01:30 EDT is 05:30 UTC.
  const auto sunday = window({sun}, hours(1) + minutes(30), hours(4), "America/New_York");
  CHECK(openings({sunday}, "2026-10-31T12:00:00Z", 1) ==
        std::vector{opening("2026-11-01T05:30:00Z", "2026-11-01T09:30:00Z")});
}

TEST_CASE("the local start keeps its place on the clock when summer time ends") {
  const auto daily = window({}, hours(2), hours(1), "Europe/Berlin");
  const auto found = openings({daily}, "2026-10-24T12:00:00Z", 2);
  CHECK(found[0].opens == instant("2026-10-25T00:00:00Z"));  // 02:00 CEST, the first of two
  CHECK(found[1].opens == instant("2026-10-26T01:00:00Z"));  // 02:00 CET
}

TEST_CASE("overlapping and touching windows are one opening") {
  CHECK(openings({window({}, hours(2), hours(2)), window({}, hours(3), hours(3)), window({}, hours(6), hours(1))},
                 "2026-11-24T00:00:00Z", 1) == std::vector{opening("2026-11-24T02:00:00Z", "2026-11-24T07:00:00Z")});
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

TEST_CASE("an opening that began days ago is still found") {
  const auto long_one = window({fri}, hours(18), hours(24 * 6));
  CHECK(openings({long_one}, "2026-11-26T12:00:00Z", 1).front().opens == instant("2026-11-20T18:00:00Z"));
}

TEST_CASE("a bad window is refused with the argument that is wrong") {
  const auto summary = [](const Window& bad) {
    const auto checked = check_window(bad);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == ErrorCode::invalid_input);
    CHECK_FALSE(checked.error().hints.empty());
    return checked.error().summary;
  };
  const auto good = window({mon}, hours(2), hours(4), "Europe/Berlin");
  REQUIRE(check_window(good));
  auto bad = good;
  bad.timezone = "Europe/Atlantis";
  CHECK(summary(bad) == "time zone \"Europe/Atlantis\" is not known here");
  bad.timezone = "../../etc/passwd";
  CHECK(summary(bad) == "time zone \"../../etc/passwd\" is not known here");
  bad.timezone = "";
  CHECK(summary(bad) == "the window names no time zone");
  bad = good;
  bad.days = {7};
  CHECK(summary(bad) == "the window names a day that no week has");
  bad = good;
  bad.start = hours(24);
  CHECK(summary(bad) == "the window starts outside the day");
  bad = good;
  bad.length = Duration::zero();
  CHECK(summary(bad) == "the window's length is not between zero and seven days");
  for (const char* date : {"2026-02-30", "26-01-01", "2026-1-1", "2026/01/01", "", "2026-01-0x"}) {
    bad = good;
    bad.except = {date};
    CHECK(summary(bad) == "\"" + std::string(date) + "\" is not a date");
  }
}
