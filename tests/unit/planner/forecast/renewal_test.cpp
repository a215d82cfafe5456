// What is assumed of sources, and what follows from it.
#include "planner/forecast/renewal.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/planner/forecast/fleet.hpp"

using namespace trunkform;
using namespace trunkform::forecast;
using namespace trunkform::forecast::test;
using namespace std::chrono_literals;

TEST_CASE("a renewal is written as a fraction, a decimal or per cent") {
  CHECK(parse_renewal("as-offered")->kind == Renewal::Kind::as_offered);
  CHECK(parse_renewal("at=2/3")->fraction == Approx(2.0 / 3.0));
  CHECK(parse_renewal("at=0.9")->fraction == Approx(0.9));
  CHECK(parse_renewal("at=90%")->fraction == Approx(0.9));
  for (const auto* bad :
       {"", "at", "at=", "at=0", "at=1", "at=1.5", "at=-0.5", "at=x", "at=2/0", "at=%", "at=1e-1", "0.5", "never"})
    CHECK_FALSE(parse_renewal(bad));
}

TEST_CASE("what to_string says of a renewal is read back") {
  for (const auto* text : {"as-offered", "at=2/3", "at=0.9", "at=0.123457"})
    CHECK(to_string(*parse_renewal(text)) == text);
}

TEST_CASE("a certificate that its source renews at two thirds is bound when it is due") {
  Fleet fleet(k_start);
  fleet.add("a", at("2026-11-01T00:00:00Z"), at("2027-01-30T00:00:00Z"));
  const auto forecast = fleet.run();
  REQUIRE(forecast.renewed);
  CHECK(forecast.renewed->lapses.empty());
  const auto rotations = rotations_of(*forecast.renewed, 0);
  REQUIRE(rotations.size() == 7);
  CHECK(rotations[0].cause == Cause::due);
  CHECK(rotations[0].due == at("2026-12-31T00:00:00Z"));
  CHECK(rotations[0].offered == at("2026-12-31T00:00:00Z"));
  // Not before an apply runs, which it does at noon, and not before it is an hour old.
  CHECK(rotations[0].begins >= at("2026-12-31T12:00:00Z"));
  CHECK(rotations[0].bound < at("2026-12-31T12:01:00Z"));
  CHECK(rotations[0].new_expiry == at("2027-03-31T00:00:00Z"));
  for (const auto& rotation : rotations) CHECK(*rotation.margin() > 29 * 24h);
}

TEST_CASE("if nobody renews, the forecast says from when on, and for ever") {
  Fleet fleet(k_start);
  fleet.add("a", at("2026-11-01T00:00:00Z"), at("2027-01-30T00:00:00Z"));
  const auto forecast = fleet.run();
  CHECK(forecast.as_offered.rotations.empty());
  REQUIRE(forecast.as_offered.lapses.size() == 1);
  const auto& lapse = forecast.as_offered.lapses.front();
  CHECK(lapse.from == at("2027-01-30T00:00:00Z"));
  CHECK_FALSE(lapse.until);
  CHECK(lapse.cause == LapseCause::source_not_renewed);
  CHECK(lapse.why == "certificate.pem_files.a still offers the same certificate");
}

TEST_CASE("as-offered looks at nothing else") {
  Fleet fleet(k_start);
  fleet.renewal = *parse_renewal("as-offered");
  fleet.add("a", at("2026-11-01T00:00:00Z"), at("2027-01-30T00:00:00Z"));
  const auto forecast = fleet.run();
  CHECK_FALSE(forecast.renewed);
  CHECK(forecast.chosen().lapses.size() == 1);
}

TEST_CASE("a newer certificate that is offered already is bound once, even if nobody renews") {
  Fleet fleet(k_start);
  auto& member = fleet.add("a", at("2026-09-20T00:00:00Z"), at("2026-12-19T00:00:00Z"));
  Fleet::offer(member, at("2026-11-20T00:00:00Z"), at("2027-02-18T00:00:00Z"));
  const auto forecast = fleet.run();
  const auto rotations = rotations_of(forecast.as_offered, 0);
  REQUIRE(rotations.size() == 1);
  CHECK(rotations[0].begins >= k_start);
  CHECK(rotations[0].bound < k_start + 1min);
  REQUIRE(forecast.as_offered.lapses.size() == 1);
  CHECK(forecast.as_offered.lapses[0].from == at("2027-02-18T00:00:00Z"));
}

TEST_CASE("a source that is late by the assumption is expected when it is due") {
  Fleet fleet(k_start);
  // 365 days, of which 250 have passed: two thirds are over, and it is due only 30 days before its end.
  fleet.add("a", k_start - days(250), k_start + days(115));
  const auto forecast = fleet.run();
  REQUIRE(forecast.late.size() == 1);
  CHECK(forecast.late[0].assumed == k_start + days(85));
  CHECK(forecast.renewed->lapses.empty());
  CHECK(rotations_of(*forecast.renewed, 0).front().offered == k_start + days(85));
}

TEST_CASE("a source that has let the day go by on which it was due is not trusted to renew") {
  Fleet fleet(k_start);
  fleet.add("a", k_start - days(80), k_start + days(10));
  const auto forecast = fleet.run();
  REQUIRE(forecast.late.size() == 1);
  CHECK_FALSE(forecast.late[0].assumed);
  REQUIRE(forecast.renewed->lapses.size() == 1);
  CHECK(forecast.renewed->lapses[0].cause == LapseCause::source_not_renewed);
  CHECK(forecast.renewed->lapses[0].from == k_start + days(10));
}

TEST_CASE("rotate.when available binds a successor as soon as it is old enough") {
  Fleet fleet(k_start);
  auto& member = fleet.add("a", k_start - days(30), k_start + days(60));
  member.binding.rotate.edit().when = RotateWhen::available;
  fleet.renewal = *parse_renewal("at=0.5");
  const auto rotations = rotations_of(*fleet.run().renewed, 0);
  REQUIRE_FALSE(rotations.empty());
  CHECK(rotations[0].cause == Cause::available);
  CHECK(rotations[0].offered == k_start + days(15));
  // Offered at noon, and an hour old only at the next day's run.
  CHECK(rotations[0].begins >= k_start + days(16));
  CHECK(rotations[0].begins < k_start + days(16) + 1min);
}

TEST_CASE("lifetimes are lengths, so a leap day is a day like any other") {
  Fleet fleet(at("2028-01-01T00:00:00Z"), at("2029-02-01T00:00:00Z"));
  fleet.renewal = *parse_renewal("at=0.9");
  // 365 days from the first of March, over the 29th of February.
  fleet.add("a", at("2027-03-31T00:00:00Z"), at("2028-03-30T00:00:00Z"));
  const auto forecast = fleet.run();
  CHECK(forecast.renewed->lapses.empty());
  const auto rotations = rotations_of(*forecast.renewed, 0);
  REQUIRE(rotations.size() == 2);
  CHECK(rotations[0].due == at("2028-02-29T00:00:00Z"));
  CHECK(to_date(rotations[0].bound) == "2028-02-29");
  CHECK(rotations[0].new_expiry == at("2027-03-31T00:00:00Z") + days(365) * 9 / 10 + days(365));
}

TEST_CASE("trunks of one source get the same successor") {
  Fleet fleet(k_start);
  for (const auto* name : {"a", "b"}) {
    auto& member = fleet.add(name, k_start - days(50), k_start + days(40));
    member.binding.locator = Locator{"pem_files", {{"chain", "shared.pem"}}};
    member.record->locator = member.binding.locator;
  }
  const auto forecast = fleet.run();
  CHECK(forecast.renewed->lapses.empty());
  CHECK(forecast.renewed->rotations.size() == 2 * rotations_of(*forecast.renewed, 0).size());
  REQUIRE(forecast.clusters.size() == 1);
  CHECK(forecast.clusters[0].subjects == std::vector<std::size_t>{0, 1});
}

TEST_CASE("what a forecast says is the same twice") {
  Fleet fleet(k_start);
  for (int i = 0; i < 20; ++i) fleet.add("t" + std::to_string(i), k_start - days(i), k_start + days(90 - i));
  const auto first = fleet.run();
  const auto second = fleet.run();
  REQUIRE(first.renewed->rotations.size() == second.renewed->rotations.size());
  for (std::size_t i = 0; i < first.renewed->rotations.size(); ++i)
    CHECK(first.renewed->rotations[i].bound == second.renewed->rotations[i].bound);
}
