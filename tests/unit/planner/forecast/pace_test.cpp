// Pauses, waves and the request rate; and how long ten thousand trunks take.
#include <chrono>

#include <catch2/catch.hpp>

#include "providers/cloud/pacer.hpp"
#include "tests/unit/planner/forecast/fleet.hpp"

using namespace trunkform;
using namespace trunkform::forecast;
using namespace trunkform::forecast::test;
using namespace std::chrono_literals;

namespace {

std::function<ReserveSlot()> paced(int per_minute) {
  return [per_minute]() -> ReserveSlot {
    auto pacer = std::make_shared<cloud::Pacer>(per_minute);
    return [pacer](Duration now) { return pacer->reserve(now); };
  };
}

void add_due(Fleet& fleet, std::size_t count, Duration left) {
  for (std::size_t i = 0; i < count; ++i) {
    auto& member = fleet.add("t" + std::to_string(1000 + i), k_start - days(80), k_start + left);
    Fleet::offer(member, k_start - days(1), k_start + days(89));
  }
}

}  // namespace

TEST_CASE("stagger and soak are the rollout's own") {
  Fleet fleet(k_start, k_start + days(30));
  add_due(fleet, 3, days(10));
  for (auto& member : fleet.members) {
    member.binding.rollout.edit().canary = 1;
    member.binding.rollout.edit().stagger = 3min;
    member.binding.rollout.edit().soak = 10min;
  }
  const auto scenario = fleet.run().as_offered;
  REQUIRE(scenario.rotations.size() == 3);
  // Each source offers a chain of its own, so each trunk is a canary and soaks.
  CHECK(scenario.rotations[0].canary);
  CHECK(scenario.rotations[1].begins - scenario.rotations[0].ends == 10min);
  CHECK(scenario.runs.front().waves == 3);
}

TEST_CASE("carriers go side by side") {
  Fleet fleet(k_start, k_start + days(30));
  add_due(fleet, 2, days(10));
  for (auto& member : fleet.members) member.binding.rollout.edit().stagger = 1h;
  CHECK(fleet.run().as_offered.rotations[1].begins > k_start + 1h);
  fleet.members[1].binding.carrier.edit().label = "b";
  CHECK(fleet.run().as_offered.rotations[1].begins < k_start + 1min);
}

TEST_CASE("blue follows green, on whichever carrier it is") {
  Fleet fleet(k_start, k_start + days(30));
  add_due(fleet, 2, days(10));
  auto& blue = fleet.members[0].binding;
  auto& green = fleet.members[1].binding;
  blue.group = green.group = "pair";
  blue.colour = Colour::blue;
  green.colour = Colour::green;
  green.carrier.edit().label = "b";
  green.rollout.edit().soak = 10min;
  fleet.members[1].binding.verify.edit().tls.emplace().within = 2min;
  const auto scenario = fleet.run().as_offered;
  REQUIRE(scenario.rotations.size() == 2);
  CHECK(scenario.rotations[0].subject == 1);
  // Green is probed, soaks, and is probed again, each as long as it may take.
  CHECK(scenario.rotations[1].begins >= scenario.rotations[0].bound + 14min);
}

TEST_CASE("requests are counted by day, with the most of a minute") {
  Fleet fleet(k_start, k_start + days(30));
  add_due(fleet, 5, days(10));
  const auto scenario = fleet.run().as_offered;
  CHECK(scenario.requests == 5 * 3 + 3);
  REQUIRE(scenario.days.size() == 1);
  CHECK(scenario.days[0].requests == 18);
  CHECK(scenario.days[0].rotations == 5);
  CHECK(scenario.peak == 18);
}

TEST_CASE("the rate is never above what the pacing allows") {
  Fleet fleet(k_start, k_start + days(30));
  fleet.pacing = paced(4);
  fleet.assumptions.requests_per_minute = 4;
  add_due(fleet, 6, days(10));
  const auto scenario = fleet.run().as_offered;
  CHECK(scenario.peak == 4);
  CHECK(scenario.rotations.back().bound > k_start + 4min);
  CHECK(scenario.lapses.empty());
}

TEST_CASE("a rate that is too low for what ends soon is named as the reason") {
  Fleet fleet(k_start, k_start + days(30));
  fleet.pacing = paced(1);
  fleet.assumptions.requests_per_minute = 1;
  add_due(fleet, 100, 2h);
  const auto scenario = fleet.run().as_offered;
  CHECK(scenario.rotations.size() == 100);
  // Three requests a trunk, one a minute: some forty are bound within two hours.
  CHECK(scenario.lapses.size() > 55);
  CHECK(scenario.lapses.size() < 65);
  for (const auto& lapse : scenario.lapses) {
    CHECK(lapse.cause == LapseCause::rate_too_low);
    CHECK(lapse.from == k_start + 2h);
    CHECK(lapse.until);
  }
  CHECK(scenario.days.front().lapses == scenario.lapses.size());
}

TEST_CASE("a rollout that is too slow for what ends soon is named as the reason") {
  Fleet fleet(k_start, k_start + days(30));
  fleet.pacing = paced(240);
  add_due(fleet, 30, 1h);
  for (auto& member : fleet.members) member.binding.rollout.edit().stagger = 3min;
  const auto scenario = fleet.run().as_offered;
  REQUIRE(scenario.lapses.size() == 10);
  CHECK(scenario.lapses[0].cause == LapseCause::rollout_too_slow);
  CHECK(scenario.lapses[0].why.find("30 trunks in 3 waves") != std::string::npos);
}

TEST_CASE("what becomes due while a rollout holds the lock waits for it") {
  Fleet fleet(k_start, k_start + days(30));
  add_due(fleet, 3, days(10));
  for (auto& member : fleet.members) member.binding.rollout.edit().stagger = days(2);
  auto& later = fleet.add("later", k_start - days(80), k_start + days(10));
  Fleet::offer(later, k_start - days(1), k_start + days(89));
  later.binding.carrier.edit().label = "b";
  later.binding.rotate.edit().before_expiry = days(9);  // due a day from now, in the middle of the rollout
  later.binding.rotate.edit().lifetime_left = 0.9;
  const auto scenario = fleet.run().as_offered;
  REQUIRE(scenario.runs.size() == 2);
  CHECK(scenario.runs[1].begins >= scenario.runs[0].ends);
  CHECK(scenario.runs[1].begins == k_start + days(5));
}

TEST_CASE("ten thousand trunks are run ahead for 400 days") {
  Fleet fleet(k_start);
  fleet.pacing = paced(240);
  for (int i = 0; i < 10000; ++i) {
    auto& member = fleet.add("t" + std::to_string(100000 + i), k_start - days(i % 60), k_start + days(90 - i % 60));
    member.binding.carrier.edit().label = "c" + std::to_string(i % 50);
    member.binding.locator = Locator{"pem_files", {{"chain", std::to_string(i % 600)}}};
    member.record->locator = member.binding.locator;
    member.binding.rotate.edit().windows = {window({0, 6}, 2h, 4h, "America/New_York")};
  }
  const auto forecast = fleet.run();
  CHECK(forecast.renewed->rotations.size() > 50000);
  CHECK(forecast.renewed->lapses.empty());
  CHECK(forecast.as_offered.lapses.size() == 10000);
  CHECK(forecast.renewed->peak <= 240);
}
