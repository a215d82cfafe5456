#include "planner/schedule/window_fit.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;
using namespace trunkform::schedule;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

Instant moment(const char* text) { return parse_rfc3339(text).value(); }

// A Tuesday; the window is open from 02:00 to 06:00 each night.
const Instant k_night = moment("2026-11-24T02:00:00Z");
const Instant k_next_night = moment("2026-11-25T02:00:00Z");

/// Trunks `t0`, `t1` … of one carrier: one canary, then `wave_size` at a time.
struct Rollout {
  std::size_t trunks = 5;
  Duration stagger = minutes(10);
  Duration soak = hours(1);
  int wave_size = 2;
  std::vector<Window> windows = {{{0, 1, 2, 3, 4, 5, 6}, hours(2), hours(4), "UTC", {}}};
  Instant now = k_night;
  WindowRule rule = WindowRule::honour;
  SoaksLeft before;
  Instant expiry = moment("2027-02-01T00:00:00Z");

  std::vector<PlannedChange> changes() const {
    std::vector<PlannedChange> result;
    for (std::size_t i = 0; i < trunks; ++i) {
      PlannedChange change;
      change.address = {{}, "genesys_trunk_certificate", "t" + std::to_string(i), {}};
      change.action = Action::update;
      change.effective_expiry = expiry;
      change.binding.emplace();
      change.binding->certificate = "pem_files.new";
      change.binding->carrier.edit().label = "a";
      auto& policy = change.binding->rollout.edit();
      policy.canary = 1;
      policy.wave_size = wave_size;
      policy.stagger = stagger;
      policy.soak = soak;
      change.binding->rotate.edit().windows = windows;
      result.push_back(std::move(change));
    }
    return result;
  }

  std::vector<LateTrunks> late(std::vector<PlannedChange> all) const {
    const auto waves = schedule::waves(all);
    return late_for_window(all, waves, rule, now, before);
  }
  std::vector<LateTrunks> late() const { return late(changes()); }
};

}  // namespace

TEST_CASE("a rollout that ends before its window closes has no late trunks") { CHECK(Rollout{}.late().empty()); }

TEST_CASE("what comes after the window has closed is late, until it opens again") {
  Rollout rollout;
  rollout.soak = hours(3);  // turns at 02:00 | 05:00 05:10 | 08:10 08:20
  const auto late = rollout.late();
  REQUIRE(late.size() == 1);
  CHECK(late[0].carrier == "a");
  CHECK(late[0].late == 2);
  CHECK(late[0].all == 5);
  CHECK(late[0].starts == k_night);
  CHECK(late[0].closes == k_night + hours(4));
  CHECK(late[0].last_turn == k_night + hours(6) + minutes(20));
  CHECK(late[0].until == k_next_night);
  CHECK(late[0].timezone == "UTC");
}

TEST_CASE("a rollout that is planned outside of its window starts with the window") {
  Rollout rollout;
  rollout.soak = hours(3);
  rollout.now = k_night - hours(5);
  auto changes = rollout.changes();
  for (auto& change : changes) change.not_before = k_night;
  const auto late = rollout.late(changes);
  REQUIRE(late.size() == 1);
  CHECK(late[0].late == 2);
  CHECK(late[0].starts == k_night);
}

TEST_CASE("several trunks at a time, and no soak, are sooner done") {
  Rollout rollout;
  rollout.stagger = hours(2);
  rollout.soak = Duration::zero();
  rollout.wave_size = 10;  // 02:00 | 04:00 06:00 08:00 10:00
  REQUIRE(rollout.late().size() == 1);
  CHECK(rollout.late()[0].late == 3);
  auto changes = rollout.changes();
  for (auto& change : changes) change.binding->carrier.edit().max_parallel = 4;
  CHECK(rollout.late(changes).empty());
}

TEST_CASE("a soak that an earlier run left is waited for first") {
  Rollout rollout;
  rollout.before = {{"a", hours(3)}};  // 05:00 | 06:00 06:10 | 07:10 07:20
  REQUIRE(rollout.late().size() == 1);
  CHECK(rollout.late()[0].late == 4);
}

TEST_CASE("nobody is late who has no window, need not wait for it, or waits for a time of his own") {
  Rollout rollout;
  rollout.soak = hours(3);
  SECTION("no window") { rollout.windows.clear(); }
  SECTION("-ignore-window") { rollout.rule = WindowRule::ignore; }
  SECTION("live ends before the second next window") { rollout.expiry = k_night + hours(20); }
  CHECK(rollout.late().empty());
  rollout = {};
  auto changes = rollout.changes();
  changes.back().not_before = k_next_night;
  CHECK(rollout.late(changes).empty());
}

TEST_CASE("each carrier is judged by itself") {
  Rollout rollout;
  rollout.soak = hours(3);
  auto changes = rollout.changes();
  for (auto& change : Rollout{}.changes()) {
    change.address.name = "b" + change.address.name;
    change.binding->carrier.edit().label = "b";
    changes.push_back(change);
  }
  const auto late = rollout.late(changes);
  REQUIRE(late.size() == 1);
  CHECK(late[0].carrier == "a");
  CHECK(late[0].all == 5);
}
