// Blue-green groups while time passes: docs/decisions/0223.
#include <catch2/catch.hpp>

#include "tests/unit/planner/forecast/fleet.hpp"

using namespace trunkform;
using namespace trunkform::forecast;
using namespace trunkform::forecast::test;
using namespace std::chrono_literals;

namespace {

/// Two trunks of one group that are due, each with a newer certificate in a source of its own.
struct Pair : Fleet {
  Member* blue;
  Member* green;
  Pair() : Fleet(k_start, k_start + days(20)) {
    blue = &add("a", k_start - days(85), k_start + days(5));
    green = &add("b", k_start - days(85), k_start + days(5));
    blue->binding.colour = Colour::blue;
    green->binding.colour = Colour::green;
    for (auto* member : {blue, green}) {
      member->binding.group = "one";
      offer(*member, k_start - days(1), k_start + days(89));
    }
  }
};

constexpr std::size_t k_blue = 0, k_green = 1;

}  // namespace

TEST_CASE("blue rotates after its green, in one run") {
  const auto forecast = Pair().run();
  const auto blue = rotations_of(forecast.as_offered, k_blue);
  const auto green = rotations_of(forecast.as_offered, k_green);
  REQUIRE(blue.size() == 1);
  REQUIRE(green.size() == 1);
  CHECK(blue[0].begins >= green[0].ends);
  CHECK(blue[0].run == green[0].run);
  CHECK(forecast.as_offered.lapses.empty());
}

TEST_CASE("blue lapses where its green cannot be rotated") {
  Pair fleet;
  SECTION("a gate") {
    fleet.green->findings.push_back({"key_too_small", Verdict::block, "", "the key is too small", ""});
    const auto lapses = lapses_of(fleet.run().as_offered, k_blue);
    REQUIRE(lapses.size() == 1);
    CHECK(lapses[0].why.find("its green trunk, comes first: rule_failed: ") != std::string::npos);
  }
  SECTION("its certificate failed and is still bound") {
    fleet.green->trunk.certificate = Sighting::of(fleet.green->offer.chain);
    fleet.green->record->chain = fleet.green->offer.chain;
    fleet.green->record->failure = Failure{};
    const auto lapses = lapses_of(fleet.run().as_offered, k_blue);
    REQUIRE(lapses.size() == 1);
    CHECK(lapses[0].why.find("its green trunk, has failed") != std::string::npos);
  }
  SECTION("what is offered to it failed on another trunk of its carrier") {
    auto& other = fleet.add("c", k_start - days(1), k_start + days(89));
    other.record->quarantine = Quarantine{fleet.green->offer.chain->identity, k_start - 1h, "it failed"};
    const auto lapses = lapses_of(fleet.run().as_offered, k_blue);
    REQUIRE(lapses.size() == 1);
    CHECK(lapses[0].why.find("its green trunk, has failed on other trunks of carrier a") != std::string::npos);
  }
  const auto forecast = fleet.run();
  CHECK(rotations_of(forecast.as_offered, k_blue).empty());
  const auto lapse = lapses_of(forecast.as_offered, k_blue).at(0);
  CHECK(lapse.cause == LapseCause::held_by_green);
  CHECK(lapse.from == k_start + days(5));
  CHECK_FALSE(lapse.until);
}

TEST_CASE("blue waits for the window of its green") {
  Pair fleet;
  fleet.green->binding.rotate.edit().windows = {window({1, 6}, 3h, 2h, "Etc/UTC")};
  const auto forecast = fleet.run();
  const auto blue = rotations_of(forecast.as_offered, k_blue);
  const auto green = rotations_of(forecast.as_offered, k_green);
  REQUIRE(green.size() == 1);
  REQUIRE(blue.size() == 1);
  CHECK(green[0].bound >= at("2026-11-28T03:00:00Z"));
  CHECK(blue[0].begins >= green[0].ends);
  CHECK(blue[0].begins < green[0].ends + 1h);
}

TEST_CASE("a green without anything to do holds nobody, nor does one of another group") {
  Pair fleet;
  SECTION("green has what is offered") {
    fleet.green->trunk.certificate = Sighting::of(fleet.green->offer.chain);
    fleet.green->record->chain = fleet.green->offer.chain;
  }
  SECTION("another group") {
    fleet.green->findings.push_back({"key_too_small", Verdict::block, "", "the key is too small", ""});
    fleet.green->binding.group = "two";
  }
  const auto rotations = rotations_of(fleet.run().as_offered, k_blue);
  REQUIRE(rotations.size() == 1);
  CHECK(rotations[0].bound < k_start + 1h);
}
