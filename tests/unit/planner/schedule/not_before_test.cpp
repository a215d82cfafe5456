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
  std::optional<Instant> paced;
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

TEST_CASE("without window, age or pacing a write goes out now") {
  const auto deferral = Case{}.run();
  CHECK_FALSE(deferral.not_before);
  CHECK(deferral.warnings.empty());
}

TEST_CASE("min_age defers a certificate that the source has only just got") {
  Case young;
  young.since = k_now - minutes(10);
  CHECK(young.run().not_before == k_now + minutes(50));
  CHECK(young.run().cause == "the certificate is younger than 1h (rotate.min_age)");
}

TEST_CASE("what defers is named: the last that holds, and nothing where nothing does") {
  CHECK(Case{}.run().cause.empty());
  CHECK(with_weekend_window().run().cause.find("rotate.window") != std::string::npos);
  Case paced;
  paced.paced = k_now + minutes(5);
  CHECK(paced.run().cause.find("another run") != std::string::npos);
  paced.since = k_now - minutes(10);
  CHECK(paced.run().cause.find("rotate.min_age") != std::string::npos);
}

TEST_CASE("min_age is waived when live has expired") {
  Case young;
  young.since = k_now - minutes(10);
  young.expiry = k_now - minutes(1);
  CHECK_FALSE(young.run().not_before);
}

TEST_CASE("what has not begun is waited for, whatever is live") {
  Case future;
  future.since = k_now + hours(24);
  future.expiry = k_now - hours(1);
  CHECK(future.run().not_before == k_now + hours(24));
  CHECK(future.run().cause == "the certificate is not valid before");
  future.expiry = k_now + hours(3);
  CHECK(future.run().not_before == k_now + hours(24));
  future.expiry = k_now + hours(24 * 40);
  CHECK(future.run().not_before == k_now + hours(25));
}

TEST_CASE("min_age never defers beyond the end of live, when it would be waived") {
  Case young;
  young.since = k_now;
  young.expiry = k_now + minutes(20);
  CHECK(young.run().not_before == k_now + minutes(20));
}

TEST_CASE("a window defers to its next opening: planned on Tuesday, applied on Saturday") {
  const auto deferral = with_weekend_window().run();
  CHECK(deferral.not_before == at("2026-11-28T02:00:00Z"));
  CHECK(deferral.warnings.empty());
}

TEST_CASE("inside an open window nothing is deferred") {
  auto open = with_weekend_window();
  open.now = at("2026-11-28T03:00:00Z");
  CHECK_FALSE(open.run().not_before);
}

TEST_CASE("a certificate that is old enough only after the window closes waits for the next one") {
  auto late = with_weekend_window();
  late.now = at("2026-11-28T05:30:00Z");
  late.since = late.now;
  CHECK(late.run().not_before == at("2026-12-05T02:00:00Z"));
}

TEST_CASE("the window is ignored with a warning when live ends before the end of the second next one") {
  auto short_of_it = with_weekend_window();
  short_of_it.expiry = at("2026-12-05T05:59:59Z");
  const auto ignored = short_of_it.run();
  CHECK_FALSE(ignored.not_before);
  REQUIRE(ignored.warnings.size() == 1);
  CHECK(ignored.warnings[0] ==
        "the window is ignored: live ends at 2026-12-05T05:59:59Z, before the end of the second next window at "
        "2026-12-05T06:00:00Z");

  short_of_it.expiry = at("2026-12-05T06:00:00Z");
  CHECK(short_of_it.run().not_before == at("2026-11-28T02:00:00Z"));
}

TEST_CASE("an expired live certificate waits for no window, and says so") {
  auto expired = with_weekend_window();
  expired.expiry = k_now - hours(24);
  const auto deferral = expired.run();
  CHECK_FALSE(deferral.not_before);
  REQUIRE(deferral.warnings.size() == 1);
  CHECK(deferral.warnings[0] == "the window is ignored: live expired on 2026-11-23");
}

TEST_CASE("where nothing is live the window still holds") {
  auto nothing_live = with_weekend_window();
  nothing_live.expiry = std::nullopt;
  CHECK(nothing_live.run().not_before == at("2026-11-28T02:00:00Z"));
}

TEST_CASE("-ignore-window overrides windows, not min_age") {
  auto now = with_weekend_window();
  now.rule = WindowRule::ignore;
  CHECK_FALSE(now.run().not_before);
  CHECK(now.run().warnings.empty());
  now.since = k_now;
  CHECK(now.run().not_before == k_now + hours(1));
}

TEST_CASE("pacing defers, also into the next window") {
  Case paced;
  paced.paced = k_now + minutes(3);
  CHECK(paced.run().not_before == k_now + minutes(3));
  auto windowed = with_weekend_window();
  windowed.paced = at("2026-11-28T06:00:00Z");
  CHECK(windowed.run().not_before == at("2026-12-05T02:00:00Z"));
}

TEST_CASE("a window that never opens, or that cannot be read, is ignored with a warning instead of waiting for ever") {
  auto never = with_weekend_window();
  never.policy.windows[0].timezone = "Mars/Olympus";
  const auto deferral = never.run();
  CHECK_FALSE(deferral.not_before);
  REQUIRE(deferral.warnings.size() == 1);
  CHECK(deferral.warnings[0] == "the window is ignored: time zone \"Mars/Olympus\" is not known here");
}

TEST_CASE("what is still to be issued has no age to wait for") {
  Case pending;
  pending.since = std::nullopt;
  CHECK_FALSE(pending.run().not_before);
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
