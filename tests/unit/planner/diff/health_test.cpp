// "Health of live, reported whatever the action": docs/semantics.md, diff 1.
#include <catch2/catch.hpp>

#include "planner/diff/steps.hpp"
#include "tests/unit/planner/diff/world.hpp"

using namespace trunkform;
using namespace trunkform::diff;
using namespace trunkform::diff::test;

namespace {

PlannedChange with_live(const ChainPtr& live) {
  World world;
  world.set_live(live);
  world.set_offer(live);
  return world.run();
}

}  // namespace

TEST_CASE("healthy: a certificate with two thirds of its life ahead") {
  const auto change = with_live(leaf("live", days(80)));
  CHECK(change.health == Health::healthy);
  CHECK(change.evidence == Evidence::api);
  CHECK(change.action == Action::no_op);
  CHECK(change.cause == Cause::not_due);
  CHECK(change.effective_expiry == k_now + days(80));
  CHECK_FALSE(change.deadline);
}

TEST_CASE("due, critical and expired follow the threshold") {
  CHECK(with_live(leaf("live", days(30))).health == Health::due);
  CHECK(with_live(leaf("live", days(30) + Duration(1))).health == Health::healthy);
  CHECK(with_live(leaf("live", days(7))).health == Health::due);
  CHECK(with_live(leaf("live", days(7) - Duration(1))).health == Health::critical);
  CHECK(with_live(leaf("live", Duration(0))).health == Health::critical);
  CHECK(with_live(leaf("live", Duration(-1))).health == Health::expired);
}

TEST_CASE("the effective expiry is the least notAfter over the validated path, the root that nobody sends included") {
  World world;
  world.observed_path = trusted_until(k_now + days(5));
  const auto change = world.run();
  CHECK(change.health == Health::critical);
  CHECK(change.effective_expiry == k_now + days(5));
}

TEST_CASE("without a validated path the effective expiry is the least notAfter of what is sent") {
  const auto change = with_live(with_intermediate(leaf("live", days(80)), k_now + days(3)));
  CHECK(change.health == Health::critical);
  CHECK(change.effective_expiry == k_now + days(3));
}

TEST_CASE("rule_violated: live breaks a blocking rule, whether or not anything better is offered") {
  World world;
  world.live_findings = {block("sha1")};
  world.findings = world.live_findings;
  const auto change = world.run();
  CHECK(change.health == Health::rule_violated);
  CHECK(change.action == Action::no_op);
  CHECK(change.gate == Gate::none);
}

TEST_CASE("a warning about live is no broken rule") {
  World world;
  world.live_findings = {{"long_life", Verdict::warn, "", "", ""}};
  CHECK(world.run().health == Health::healthy);
}

TEST_CASE("expired and critical are worse than a broken rule, due is not") {
  World world;
  world.live_findings = {block("sha1")};
  world.set_live(leaf("live", days(20)));
  CHECK(world.run().health == Health::rule_violated);
  world.set_live(leaf("live", days(5)));
  CHECK(world.run().health == Health::critical);
  world.set_live(leaf("live", -days(5)));
  CHECK(world.run().health == Health::expired);
}

TEST_CASE("unknown: with no evidence it says unknown, never up to date") {
  World world;
  world.trunks[0].certificate = Sighting::unclear("the field is missing");
  world.record.reset();
  const auto change = world.run();
  CHECK(change.health == Health::unknown);
  CHECK(change.evidence == Evidence::none);
  CHECK(change.gate == Gate::live_unknown);
}

TEST_CASE("what state remembers may alarm, never reassure") {
  World world;
  world.trunks[0].certificate = Sighting::unclear("the field is missing");
  auto change = world.run();
  CHECK(change.health == Health::unknown);
  CHECK(change.evidence == Evidence::state);
  CHECK(change.action == Action::no_op);
  CHECK(has_note(change, "warning: nobody saw the live certificate: the field is missing; state recorded"));

  world.set_live(leaf("live", days(5)));
  world.set_offer(world.record->chain);
  world.trunks[0].certificate = Sighting::unclear("the field is missing");
  change = world.run();
  CHECK(change.health == Health::critical);
  CHECK(change.evidence == Evidence::state);
}

TEST_CASE("where the API does not show the certificate, what the port serves is the evidence") {
  World world;
  world.trunks[0].certificate = Sighting::unclear("the field is missing");
  world.served = Sighting::of(leaf("live", days(20)));
  world.set_offer(leaf("newer", days(88)));
  const auto change = world.run();
  CHECK(change.evidence == Evidence::wire);
  CHECK(change.health == Health::due);
  CHECK(change.before == world.served->chain);
  CHECK(change.action == Action::update);
  CHECK(change.gate == Gate::none);
  CHECK(has_note(change, "judged by what the port serves"));
}

TEST_CASE("a port that answered without a certificate is no evidence that the trunk has none") {
  World world;
  world.trunks[0].certificate = Sighting::unclear("the field is missing");
  world.served = Sighting::nothing();
  CHECK(world.run().evidence == Evidence::state);
}

TEST_CASE("up to date past its end: what the port serves counts where it is worse than what the API shows") {
  World world;
  world.served = Sighting::of(leaf("stale", -days(1)));
  const auto change = world.run();
  CHECK(change.health == Health::expired);
  CHECK(change.action == Action::no_op);
  CHECK(has_note(change, "warning: the port serves"));
  CHECK(change.effective_expiry == k_now + days(80));
}

TEST_CASE("a port that serves a better certificate does not make live healthy") {
  World world;
  world.set_live(leaf("live", days(5)));
  world.served = Sighting::of(leaf("other", days(80)));
  CHECK(world.run().health == Health::critical);
}

TEST_CASE("awaiting_source: due, and the source still offers the same: a warning, and never a PATCH") {
  const auto change = with_live(leaf("live", days(20)));
  CHECK(change.awaiting_source);
  CHECK(change.cause == Cause::due);
  CHECK(change.action == Action::no_op);
  CHECK_FALSE(change.error);
  CHECK(change.rotates_on == k_now - days(10));
  CHECK(change.notes.empty());  // the views word it, with the days that are left
}

TEST_CASE("awaiting_source is an error once critical, and counts as one") {
  const auto change = with_live(leaf("live", days(5)));
  CHECK(change.awaiting_source);
  CHECK(change.action == Action::no_op);
  CHECK(change.gate == Gate::none);
  REQUIRE(change.error);
  CHECK(change.error->summary == "live is about to end, and the source still offers the same certificate");
  CHECK(has_hint(change, "renew the certificate in its source: pem_files("));
  Plan plan;
  plan.changes = {change};
  CHECK(count(plan, k_now).errors == 1);
  CHECK(with_live(leaf("live", -days(1))).error->summary ==
        "live has expired, and the source still offers the same certificate");
}

TEST_CASE("nothing is awaited from a source that offers another certificate") {
  World world;
  world.set_live(leaf("live", days(5)));
  world.set_offer(leaf("newer", days(88)));
  CHECK_FALSE(world.run().awaiting_source);
}

TEST_CASE("a critical certificate is adopted all the same, and the run still fails loudly") {
  World world;
  world.set_live(leaf("live", days(5)), false);
  world.set_offer(leaf("live", days(5)));
  const auto change = world.run();
  CHECK(change.action == Action::adopt);
  CHECK(change.gate == Gate::none);
  REQUIRE(change.error);
  Plan plan;
  plan.changes = {change};
  CHECK(count(plan, k_now).errors == 1);
  CHECK(count(plan, k_now).adopt == 1);
}
