#include "planner/schedule/late_bind.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;
using namespace trunkform::schedule;
using namespace std::chrono_literals;

namespace {

const Instant k_tuesday = parse_rfc3339("2026-11-24T12:00:00Z").value();

/// 90 days, of which 30 are left: it is due now.
struct Held {
  RotatePolicy policy{};
  NextBind next{.policy = policy};

  Held() {
    next.ends = k_tuesday + 24h * 30;
    next.lifetime = 24h * 90;
    next.wanted = k_tuesday;
    next.begins = k_tuesday;
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  std::optional<LateBind> late() const { return late_bind(next); }
};

}  // namespace

TEST_CASE("what waits little, or leaves enough of what is live, is not late") {
  Held usual;
  CHECK_FALSE(usual.late());
  Held days;
  days.policy.min_age = 24h * 20;  // 10 days are left then, and critical are 7
  CHECK_FALSE(days.late());
  Held critical;  // late already, and no deferral's fault
  critical.next.ends = k_tuesday + 24h * 3;
  CHECK_FALSE(critical.late());
}

TEST_CASE("what waits for its age until the end is late, and min_age is why") {
  Held old;
  old.policy.min_age = 24h * 24;
  REQUIRE(old.late());
  CHECK(old.late()->at == k_tuesday + 24h * 24);
  CHECK(old.late()->cause == "the certificate is younger than 24d (rotate.min_age)");
  old.policy.min_age = 24h * 60;
  REQUIRE(old.late());
  CHECK(old.late()->at == old.next.ends);
  // The older it is when it is wanted, the less it waits.
  old.next.begins = k_tuesday - 24h * 50;
  CHECK_FALSE(old.late());
}

TEST_CASE("a turn in the rollout, a pace and a window hold as well, and the last of them is named") {
  Held turn;
  turn.next.turn = k_tuesday + 24h * 25;
  REQUIRE(turn.late());
  CHECK(turn.late()->cause.find("rollout.stagger") != std::string::npos);
  Held pace;
  pace.next.held_until = k_tuesday + 24h * 26;
  pace.next.held_by = "the carrier rests";
  pace.next.turn = k_tuesday + 24h * 25;
  REQUIRE(pace.late());
  CHECK(pace.late()->cause == "the carrier rests");
  // Opens on Fridays and Saturdays at 02:00; live ends on Thursday 24 December.
  Held window;
  window.policy.windows = {{{5, 6}, std::chrono::hours(2), 4h, "UTC", {}}};
  window.next.turn = k_tuesday + 24h * 19;
  REQUIRE(window.late());
  CHECK(window.late()->at == parse_rfc3339("2026-12-18T02:00:00Z").value());
  CHECK(window.late()->cause.find("rotate.window") != std::string::npos);
  window.next.windows = WindowRule::ignore;
  CHECK_FALSE(window.late());
}

TEST_CASE("what lives no longer than min_age never grows as old") {
  RotatePolicy policy;
  policy.min_age = 24h * 7;
  CHECK(never_old_enough(24h * 6, policy));
  CHECK(never_old_enough(24h * 7, policy));
  CHECK_FALSE(never_old_enough(24h * 8, policy));
}
