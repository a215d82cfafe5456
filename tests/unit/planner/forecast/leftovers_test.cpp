// What earlier runs have left: chains that failed on a carrier, and soaks whose end nobody saw.
#include <catch2/catch.hpp>

#include "tests/unit/planner/forecast/fleet.hpp"

using namespace trunkform;
using namespace trunkform::forecast;
using namespace trunkform::forecast::test;
using namespace std::chrono_literals;

namespace {

/// Two trunks that are due, and one source with a newer chain, which failed on the first of them.
struct FailedOnOne : Fleet {
  FailedOnOne() : Fleet(k_start) {
    for (const auto* name : {"a", "b"}) {
      add(name, k_start - days(85), k_start + days(5));
      members.back().offer.chain = nullptr;
    }
    for (auto& member : members) {
      member.offer.kind = Offer::Kind::certificate;
      member.offer.chain = leaf("shared", k_start - days(1), k_start + days(89));
      member.offer.path.effective_expiry = k_start + days(89);
      member.binding.locator = Locator{"pem_files", {{"chain", "shared.pem"}}};
    }
    members[0].record->quarantine = Quarantine{members[0].offer.chain->identity, k_start - 1h, "it failed"};
  }
};

/// One trunk that was bound an hour ago and soaks for two, and one that is due for the same chain.
struct SoakingOne : Fleet {
  Member* first;
  Member* second;
  SoakingOne() : Fleet(k_start, k_start + days(20)) {
    first = &add("a", k_start - days(1), k_start + days(89));
    second = &add("b", k_start - days(85), k_start + days(5));
    second->offer = first->offer;
    for (auto* member : {first, second}) {
      auto& rollout = member->binding.rollout.edit();
      rollout.canary = 1;
      rollout.soak = 2h;
      member->binding.verify.edit().tls.emplace();
    }
    first->record->plan = "digest";
    first->record->bound_at = k_start - 1h;
    first->record->look = LastLook{CheckVerdict::pass, k_start - 1h, "ops@host", "seen", false, false};
  }
};

}  // namespace

TEST_CASE("a chain that failed on a trunk of the carrier is not what saves the other one") {
  const auto forecast = FailedOnOne().run();
  const auto lapses = lapses_of(forecast.as_offered, 1);
  REQUIRE(lapses.size() == 1);
  CHECK(lapses[0].cause == LapseCause::chain_failed);
  CHECK(lapses[0].from == k_start + days(5));
  CHECK_FALSE(lapses[0].until);
  CHECK(lapses[0].why.find("failed on 1 other trunk of carrier a") != std::string::npos);
  CHECK(lapses_of(forecast.as_offered, 0).at(0).gate == Gate::quarantined);
  CHECK(forecast.as_offered.rotations.empty());
}

TEST_CASE("a chain that failed is no lapse where its successor comes in time") {
  FailedOnOne fleet;
  for (auto& member : fleet.members) {
    member.offer.chain = leaf("shared", k_start - days(59), k_start + days(31));
    member.offer.path.effective_expiry = k_start + days(31);
  }
  fleet.members[0].record->quarantine->identity = fleet.members[0].offer.chain->identity;
  const auto forecast = fleet.run();
  CHECK(lapses_of(*forecast.renewed, 1).empty());
  const auto rotations = rotations_of(*forecast.renewed, 1);
  REQUIRE_FALSE(rotations.empty());
  CHECK(rotations[0].bound > k_start + days(1));
}

TEST_CASE("a chain that failed elsewhere holds nobody where failures are allowed, or on another carrier") {
  FailedOnOne fleet;
  SECTION("max_failures") { fleet.members[1].binding.rollout.edit().max_failures = 1; }
  SECTION("continue") { fleet.members[1].binding.rollout.edit().on_failure = OnFailure::proceed; }
  SECTION("another carrier") { fleet.members[1].binding.carrier.edit().label = "b"; }
  const auto rotations = rotations_of(fleet.run().as_offered, 1);
  REQUIRE_FALSE(rotations.empty());
  CHECK(rotations[0].bound < k_start + 1h);
}

TEST_CASE("a soak that an earlier run left open is seen to before its chain goes on, without another canary") {
  SoakingOne fleet;
  const auto forecast = fleet.run();
  const auto rotations = rotations_of(forecast.as_offered, 1);
  REQUIRE(rotations.size() == 1);
  CHECK(rotations[0].bound >= k_start + 1h);
  CHECK_FALSE(rotations[0].canary);
  REQUIRE_FALSE(forecast.as_offered.runs.empty());
  // Its own soak is the last thing of the run, which holds the lock until then.
  CHECK(forecast.as_offered.runs[0].ends >= rotations[0].bound + 2h);
}

TEST_CASE("an open soak without a port to look at is a pause before its chain goes on, and nothing for its own sake") {
  SoakingOne fleet;
  for (auto& member : fleet.members) member.binding.verify.edit().tls.reset();
  SECTION("the chain goes on") {
    const auto rotations = rotations_of(fleet.run().as_offered, 1);
    REQUIRE(rotations.size() == 1);
    CHECK(rotations[0].bound >= k_start + 1h);
  }
  SECTION("nothing else is to be bound") {
    fleet.members.pop_back();
    CHECK(fleet.run().as_offered.runs.empty());
  }
}

TEST_CASE("a soak is seen to once, and the window that closes meanwhile is missed") {
  SoakingOne fleet;
  // Open now, and shut before the soak of the first is over.
  fleet.second->binding.rotate.edit().windows = {window({5}, 11h, 90min, "Etc/UTC")};
  fleet.second->record->chain = leaf("b", k_start - days(68), k_start + days(22));
  fleet.second->trunk.certificate = Sighting::of(fleet.second->record->chain);
  const auto forecast = fleet.run();
  const auto rotations = rotations_of(forecast.as_offered, 1);
  REQUIRE(rotations.size() == 1);
  CHECK(rotations[0].bound >= k_start + days(6));
  REQUIRE(forecast.as_offered.runs.size() == 2);
  CHECK(forecast.as_offered.runs[0].trunks == 0);
  CHECK(forecast.as_offered.runs[0].ends >= k_start + 1h);
  CHECK(forecast.as_offered.runs[1].ends < rotations[0].bound + 3h);
}
