// Who would be without a valid certificate, from when to when, and why.
#include <catch2/catch.hpp>

#include "tests/unit/planner/forecast/fleet.hpp"

using namespace trunkform;
using namespace trunkform::forecast;
using namespace trunkform::forecast::test;
using namespace std::chrono_literals;

namespace {
Finding block(const std::string& rule) { return {rule, Verdict::block, "RFC 0000 §0", "it is broken", "mend it"}; }
}  // namespace

TEST_CASE("a gate that stops every write is a lapse at the end of what is live") {
  Fleet fleet(k_start);
  auto& member = fleet.add("a", k_start - days(50), k_start + days(40));
  member.record.reset();  // another's certificate, and `adopt` is not set
  Fleet::offer(member, k_start - days(1), k_start + days(89));
  const auto lapses = lapses_of(*fleet.run().renewed, 0);
  REQUIRE(lapses.size() == 1);
  CHECK(lapses[0].cause == LapseCause::blocked);
  CHECK(lapses[0].gate == Gate::unmanaged);
  CHECK(lapses[0].from == k_start + days(40));
  CHECK_FALSE(lapses[0].until);
}

TEST_CASE("a successor breaks the rules that its predecessor breaks") {
  Fleet fleet(k_start);
  auto& member = fleet.add("a", k_start - days(85), k_start + days(5));
  Fleet::offer(member, k_start - days(1), k_start + days(89));
  member.findings = {block("name_mismatch")};
  const auto lapses = lapses_of(*fleet.run().renewed, 0);
  REQUIRE(lapses.size() == 1);
  CHECK(lapses[0].gate == Gate::rule_failed);
  CHECK_FALSE(lapses[0].until);
}

TEST_CASE("a certificate that is too young is old enough the day after") {
  Fleet fleet(k_start);
  auto& member = fleet.add("a", k_start - days(85), k_start + days(5));
  Fleet::offer(member, k_start, k_start + days(90));
  member.findings = {block("certificate_too_young")};
  const auto scenario = fleet.run().as_offered;
  REQUIRE(scenario.rotations.size() == 1);
  CHECK(scenario.rotations[0].bound < k_start + days(1) + 1min);
}

TEST_CASE("a source that cannot be read is not assumed to renew") {
  Fleet fleet(k_start);
  auto& member = fleet.add("a", k_start - days(50), k_start + days(40));
  member.offer = {};
  member.offer.error = Error(ErrorCode::unavailable, "a.pem cannot be read");
  const auto lapses = lapses_of(*fleet.run().renewed, 0);
  REQUIRE(lapses.size() == 1);
  CHECK(lapses[0].cause == LapseCause::source_unreachable);
}

TEST_CASE("a min_age that reaches past the end of what is live is named as the reason") {
  Fleet fleet(k_start);
  fleet.renewal = *parse_renewal("at=0.9");
  auto& member = fleet.add("a", k_start - days(60), k_start + days(30));
  Fleet::offer(member, k_start - days(70), k_start + days(20));
  const auto lapses = lapses_of(*fleet.run().renewed, 0);
  CHECK(lapses.empty());
  member.binding.rotate.edit().min_age = days(25);
  const auto waiting = lapses_of(*fleet.run().renewed, 0);
  REQUIRE_FALSE(waiting.empty());
  CHECK(waiting[0].from == k_start + days(30));
  CHECK(waiting[0].cause == LapseCause::deferred);
}

TEST_CASE("a source that renews after the end of what is live is too late") {
  // The leaf has 165 days, an intermediate 20: the source looks at the leaf alone.
  Fleet fleet(k_start, k_start + days(200));
  fleet.renewal = *parse_renewal("at=0.9");
  auto& member = fleet.add("a", k_start - days(200), k_start + days(165));
  member.offer.path.effective_expiry = k_start + days(20);
  const auto forecast = fleet.run();
  const auto lapses = lapses_of(*forecast.renewed, 0);
  REQUIRE(lapses.size() == 1);
  CHECK(lapses[0].cause == LapseCause::source_too_late);
  CHECK(lapses[0].from == k_start + days(20));
  CHECK(*lapses[0].until >= k_start - days(200) + days(365) * 9 / 10);
  CHECK_FALSE(lapses_of(forecast.as_offered, 0)[0].until);
}

TEST_CASE("a trunk without a certificate has lapsed until it gets one") {
  Fleet fleet(k_start, k_start + days(30));
  auto& member = fleet.add("a", k_start - days(1), k_start + days(89));
  member.trunk.certificate = Sighting::nothing();
  member.record.reset();
  const auto lapses = lapses_of(*fleet.run().renewed, 0);
  REQUIRE(lapses.size() == 1);
  CHECK(lapses[0].cause == LapseCause::nothing_live);
  CHECK(lapses[0].from == k_start);
  CHECK(*lapses[0].until < k_start + 1min);
}

TEST_CASE("what ended before the forecast begins is told as that, and mended") {
  Fleet fleet(k_start, k_start + days(30));
  auto& member = fleet.add("a", k_start - days(91), k_start - days(1));
  Fleet::offer(member, k_start - days(1), k_start + days(89));
  const auto lapses = lapses_of(*fleet.run().renewed, 0);
  REQUIRE(lapses.size() == 1);
  CHECK(lapses[0].cause == LapseCause::expired_already);
  CHECK(lapses[0].from == k_start - days(1));
  CHECK(lapses[0].until);
}

TEST_CASE("what nobody can see is not proven, and no lapse is made up") {
  Fleet fleet(k_start, k_start + days(30));
  auto& member = fleet.add("a", k_start - days(1), k_start + days(89));
  member.trunk.certificate = Sighting::unclear("the API hides it");
  member.record.reset();
  const auto forecast = fleet.run();
  REQUIRE(forecast.unproven.size() == 1);
  CHECK(forecast.renewed->lapses.empty());
}

TEST_CASE("a trunk that is gone is not proven") {
  Fleet fleet(k_start, k_start + days(30));
  fleet.add("a", k_start - days(1), k_start + days(89)).lookup = diff::TrunkLookup::Kind::missing;
  const auto forecast = fleet.run();
  REQUIRE(forecast.unproven.size() == 1);
  CHECK(forecast.subjects[0].gate == Gate::trunk_missing);
}

TEST_CASE("a certificate that was adopted is rotated like one that was bound") {
  Fleet fleet(k_start);
  fleet.add("a", k_start - days(50), k_start + days(40)).record.reset();
  const auto forecast = fleet.run();
  CHECK(forecast.renewed->lapses.empty());
  CHECK_FALSE(rotations_of(*forecast.renewed, 0).empty());
}

TEST_CASE("a quarantined chain is not bound, its successor is") {
  Fleet fleet(k_start);
  auto& member = fleet.add("a", k_start - days(50), k_start + days(40));
  Fleet::offer(member, k_start - days(55), k_start + days(45));
  member.record->quarantine = Quarantine{member.offer.chain->identity, k_start, "it failed"};
  const auto rotations = rotations_of(*fleet.run().renewed, 0);
  REQUIRE_FALSE(rotations.empty());
  CHECK(rotations[0].offered > k_start);
  REQUIRE(lapses_of(fleet.run().as_offered, 0).size() == 1);
  CHECK(lapses_of(fleet.run().as_offered, 0)[0].gate == Gate::quarantined);
}

TEST_CASE("two bindings of one trunk prove nothing but a lapse") {
  Fleet fleet(k_start);
  fleet.add("a", k_start - days(50), k_start + days(40));
  fleet.add("b", k_start - days(50), k_start + days(40)).trunk.id = {"id-a"};
  const auto forecast = fleet.run();
  CHECK(forecast.renewed->lapses.size() == 2);
  CHECK(forecast.renewed->lapses[0].gate == Gate::bound_twice);
}
