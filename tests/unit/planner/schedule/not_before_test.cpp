// What window_table.txt does not say: the words of a deferral, and what is asked again at a trunk's turn.
#include "planner/schedule/not_before.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;
using namespace trunkform::schedule;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

Instant at(const char* text) { return parse_rfc3339(text).value(); }

// A Tuesday.
const Instant k_now = at("2026-11-24T12:00:00Z");

struct Case {
  RotatePolicy policy;
  std::optional<Instant> expiry = at("2027-02-01T00:00:00Z");
  std::optional<Instant> since = at("2026-11-01T00:00:00Z");
  std::optional<PaceWait> paced;
  WindowRule rule = WindowRule::honour;
  Instant now = k_now;

  Deferral run() const { return defer({policy, expiry, since, paced, rule, now}); }
};

Case with_weekend_window() {
  Case result;
  result.policy.windows = {{{6}, hours(2), hours(4), "UTC", {}}};  // Saturdays: 28 November, 5 December …
  return result;
}

}  // namespace

TEST_CASE("a deferral by min_age says how long that is") {
  Case young;
  young.since = k_now - minutes(10);
  CHECK(young.run().cause == "the certificate is younger than 1h (rotate.min_age)");
}

TEST_CASE("what defers is named: the last that holds, and nothing where nothing does") {
  CHECK(Case{}.run().cause.empty());
  CHECK(with_weekend_window().run().cause.find("rotate.window") != std::string::npos);
  Case paced;
  paced.paced = PaceWait{k_now + minutes(5), "a run of workspace \"east\""};
  CHECK(paced.run().cause.find("a run of workspace \"east\" is changing a trunk of this carrier") == 0);
  paced.since = k_now - minutes(10);
  CHECK(paced.run().cause.find("rotate.min_age") != std::string::npos);
}

TEST_CASE("what has not begun is waited for, and named as such") {
  Case future;
  future.since = k_now + hours(24);
  future.expiry = k_now - hours(1);
  CHECK(future.run().cause == "the certificate is not valid before");
}

TEST_CASE("a window that comes too late is ignored with a warning that says by how much") {
  auto short_of_it = with_weekend_window();
  short_of_it.expiry = at("2026-12-05T05:59:59Z");
  const auto ignored = short_of_it.run();
  CHECK_FALSE(ignored.not_before);
  REQUIRE(ignored.warnings.size() == 1);
  CHECK(ignored.warnings[0] ==
        "the window is ignored: live ends at 2026-12-05T05:59:59Z, before the end of the second next window at "
        "2026-12-05T06:00:00Z");
}

TEST_CASE("an expired live certificate waits for no window, and says so") {
  auto expired = with_weekend_window();
  expired.expiry = k_now - hours(24);
  const auto deferral = expired.run();
  CHECK_FALSE(deferral.not_before);
  REQUIRE(deferral.warnings.size() == 1);
  CHECK(deferral.warnings[0] == "the window is ignored: live expired on 2026-11-23");
}

TEST_CASE("a window that never opens, or that cannot be read, is ignored with a warning instead of waiting for ever") {
  auto never = with_weekend_window();
  never.policy.windows[0].timezone = "Mars/Olympus";
  const auto deferral = never.run();
  CHECK_FALSE(deferral.not_before);
  REQUIRE(deferral.warnings.size() == 1);
  CHECK(deferral.warnings[0] ==
        "the window is ignored: there is no time zone \"Mars/Olympus\": zones have IANA names such as "
        "\"America/New_York\", \"Europe/Berlin\" or \"UTC\"");
}

TEST_CASE("a planned write is asked again at its turn: at once within the window, else at the next one") {
  PlannedChange change;
  change.binding.emplace();
  change.binding->rotate = with_weekend_window().policy;
  change.effective_expiry = at("2027-02-01T00:00:00Z");
  change.not_before = at("2026-11-28T02:00:00Z");
  CHECK(next_start(change, WindowRule::honour, k_now) == at("2026-11-28T02:00:00Z"));
  CHECK(next_start(change, WindowRule::honour, at("2026-11-28T05:59:00Z")) == at("2026-11-28T05:59:00Z"));
  CHECK(next_start(change, WindowRule::honour, at("2026-11-28T06:00:00Z")) == at("2026-12-05T02:00:00Z"));
  CHECK(next_start(change, WindowRule::ignore, at("2026-11-28T06:00:00Z")) == at("2026-11-28T06:00:00Z"));
}

TEST_CASE("a run waits for what begins within a stagger, or for as long as it is told to") {
  Binding binding;
  binding.rollout.edit().stagger = minutes(3);
  CHECK(start_by(binding, Duration::zero(), k_now) == k_now + minutes(3));
  CHECK(start_by(binding, hours(2), k_now) == k_now + hours(2));
}
