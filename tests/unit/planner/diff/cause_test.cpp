// "Cause, the first that holds", with one example for each word: docs/semantics.md, diff 3.
#include <catch2/catch.hpp>

#include "tests/unit/planner/diff/world.hpp"

using namespace trunkform;
using namespace trunkform::diff;
using namespace trunkform::diff::test;

namespace {

void check(const PlannedChange& change, Cause cause, Action action) {
  INFO(fingerprint_of(change));
  CHECK(change.cause == cause);
  CHECK(change.action == action);
  CHECK(change.gate == Gate::none);
}

}  // namespace

TEST_CASE("not_due: nothing to do, and the date on which the newer version rotates") {
  World world;
  world.set_offer(leaf("newer", days(88)));
  const auto change = world.run();
  check(change, Cause::not_due, Action::no_op);
  CHECK(change.rotates_on == k_now + days(50));
  CHECK(has_note(change, "newer version available, rotates on 2027-01-13"));
  CHECK_FALSE(change.after);
}

TEST_CASE("resumed: an intent without outcome, finished") {
  World world;
  world.intent.emplace();
  world.intent->record = world.recorded(leaf("newer", days(88)));
  world.set_offer(leaf("newer", days(88)));
  check(world.run(), Cause::resumed, Action::update);
}

TEST_CASE("resumed: where the PATCH arrived, only state has to learn it") {
  World world;
  const auto newer = leaf("newer", days(88));
  world.intent.emplace();
  world.intent->record = world.recorded(newer);
  world.trunks[0].certificate = Sighting::of(newer);
  world.set_offer(newer);
  check(world.run(), Cause::resumed, Action::adopt);
}

TEST_CASE("resumed: what our interrupted first write left is not somebody else's") {
  World world;
  const auto ours = leaf("ours", days(60));
  world.set_live(ours, false);
  world.set_offer(leaf("newer", days(88)));
  CHECK(world.run().gate == Gate::unmanaged);
  world.intent.emplace();
  world.intent->record = world.recorded(ours);
  check(world.run(), Cause::resumed, Action::update);
}

TEST_CASE("forced: -replace does not wait until due") {
  World world;
  world.set_offer(leaf("newer", days(88)));
  world.overrides.replace = true;
  check(world.run(), Cause::forced, Action::update);
}

TEST_CASE("forced: the same certificate is not sent again, and the plan says why") {
  World world;
  world.overrides.replace = true;
  const auto change = world.run();
  check(change, Cause::forced, Action::no_op);
  CHECK(has_note(change, "nothing to replace: the source offers the certificate that is live"));
}

TEST_CASE("new: no prior, nothing live") {
  World world;
  world.record.reset();
  world.trunks[0].certificate = Sighting::nothing();
  const auto change = world.run();
  check(change, Cause::new_binding, Action::create);
  CHECK(change.relation == Relation::newer);
  CHECK(change.health == Health::unknown);
  CHECK(change.after == world.offer.chain);
  CHECK(change.version == world.offer.version);
  CHECK_FALSE(change.before);
  CHECK_FALSE(change.deadline);
}

TEST_CASE("adopted: no prior, live is what the source offers: state only") {
  World world;
  world.record.reset();
  const auto change = world.run();
  check(change, Cause::adopted, Action::adopt);
  CHECK_FALSE(change.writes());
  CHECK(change.after == world.offer.chain);
  CHECK_FALSE(change.not_before);
}

TEST_CASE("adopted: also where live breaks a rule: nothing is sent") {
  World world;
  world.record.reset();
  world.findings = world.live_findings = {block("sha1")};
  check(world.run(), Cause::adopted, Action::adopt);
}

TEST_CASE("unmanaged: no prior, another is live; taken over with `adopt`") {
  World world;
  world.set_live(leaf("foreign", days(20)), false);
  world.set_offer(leaf("ours", days(88)));
  world.binding.adopt = true;
  check(world.run(), Cause::unmanaged, Action::update);
}

TEST_CASE("changed: another locator, and the one-year certificate gives way to the 90-day one") {
  World world;
  world.set_live(leaf("one_year", days(300), days(365)));
  world.set_offer(leaf("ninety_days", days(89)));
  world.record->locator.arguments["chain"] = "one-year.pem";
  const auto change = world.run();
  check(change, Cause::changed, Action::update);
  CHECK(change.relation == Relation::older);
}

TEST_CASE("the same path now holds a 90-day certificate: nothing happens before it is due, and the plan says so") {
  World world;
  world.set_live(leaf("one_year", days(300), days(365)));
  world.set_offer(leaf("ninety_days", days(89)));
  const auto change = world.run();
  check(change, Cause::not_due, Action::no_op);
  CHECK(has_note(change, "which ends before the live certificate and is not bound"));
}

TEST_CASE("changed: another pinned version is another locator") {
  World world;
  world.binding.locator.edit().arguments["version"] = "7";
  world.set_offer(leaf("pinned", days(88)));
  check(world.run(), Cause::changed, Action::update);
}

TEST_CASE("changed: the same certificate from another place is only recorded") {
  World world;
  world.record->locator.arguments["chain"] = "elsewhere.pem";
  check(world.run(), Cause::changed, Action::adopt);
}

TEST_CASE("renaming the certificate block changes nothing") {
  World world;
  world.binding.certificate = "certificate.pem_files.renamed";
  check(world.run(), Cause::not_due, Action::no_op);
}

TEST_CASE("rule_violated: live breaks a rule that offered keeps") {
  World world;
  world.live_findings = {block("sha1")};
  world.set_offer(leaf("newer", days(88)));
  const auto change = world.run();
  check(change, Cause::rule_violated, Action::update);
  CHECK(change.health == Health::rule_violated);
}

TEST_CASE("rule_violated: a certificate that breaks the same rule is no reason to write") {
  World world;
  world.live_findings = world.findings = {block("sha1")};
  world.set_offer(leaf("newer", days(88)));
  check(world.run(), Cause::not_due, Action::no_op);
}

TEST_CASE("drifted: live is not what state recorded") {
  World world;
  world.trunks[0].certificate = Sighting::of(leaf("by_hand", days(70)));
  const auto change = world.run();
  check(change, Cause::drifted, Action::update);
  REQUIRE(change.drift.size() == 1);
  CHECK(change.drift[0].kind == Drift::Kind::certificate);
}

TEST_CASE("drifted: what the source offers was pushed by hand: state only") {
  World world;
  const auto newer = leaf("newer", days(88));
  world.trunks[0].certificate = Sighting::of(newer);
  world.set_offer(newer);
  const auto change = world.run();
  check(change, Cause::drifted, Action::adopt);
  CHECK(change.drift.size() == 1);
}

TEST_CASE("drifted: somebody removed the certificate") {
  World world;
  world.trunks[0].certificate = Sighting::nothing();
  const auto change = world.run();
  check(change, Cause::drifted, Action::update);
  REQUIRE(change.drift.size() == 1);
  CHECK(change.drift[0].message.starts_with("no certificate is live; state recorded"));
}

TEST_CASE("drift is reported apart from the action, also under another cause") {
  World world;
  world.trunks[0].certificate = Sighting::of(leaf("by_hand", days(70)));
  world.record->locator.arguments["chain"] = "elsewhere.pem";
  const auto change = world.run();
  check(change, Cause::changed, Action::update);
  CHECK(change.drift.size() == 1);
}

TEST_CASE("chain_repair: the same leaf with the intermediate that was missing") {
  World world;
  world.set_offer(with_intermediate(world.record->chain));
  check(world.run(), Cause::chain_repair, Action::update);
}

TEST_CASE("chain_repair, not rule_violated, names what is wrong with a chain that has the same leaf") {
  World world;
  world.live_findings = {block("chain_gap")};
  world.observed_path = PathFacts{};
  world.set_offer(with_intermediate(world.record->chain));
  const auto change = world.run();
  check(change, Cause::chain_repair, Action::update);
  CHECK(change.health == Health::rule_violated);
}

TEST_CASE("chain_repair: trusted where live is not, in order where live is not, ending later") {
  World world;
  const auto bare = leaf("live", days(80));
  world.set_live(with_intermediate(bare, k_now + days(500), "wrong"));
  world.observed_path = PathFacts{};
  world.set_offer(with_intermediate(bare, k_now + days(500), "right"));
  check(world.run(), Cause::chain_repair, Action::update);

  auto turned =
      with_intermediate(with_intermediate(bare, k_now + days(500), "one"), k_now + days(600), "two")->certificates;
  const auto right = chain(turned);
  std::swap(turned[1], turned[2]);
  world.set_live(chain(turned));
  world.observed_path = trusted_until(k_now + days(80));
  world.set_offer(right);
  check(world.run(), Cause::chain_repair, Action::update);

  world.set_live(with_intermediate(bare, k_now + days(40), "old_cross"));
  world.observed_path = trusted_until(k_now + days(40));
  world.set_offer(with_intermediate(bare, k_now + days(500), "new_cross"));
  check(world.run(), Cause::chain_repair, Action::update);
}

TEST_CASE("a chain that is only different, or less, is no repair") {
  World world;
  const auto bare = leaf("live", days(80));
  world.set_live(with_intermediate(bare, k_now + days(500), "one"));
  world.observed_path = trusted_until(k_now + days(80));
  world.set_offer(with_intermediate(bare, k_now + days(600), "two"));
  world.offer.path = trusted_until(k_now + days(80));
  check(world.run(), Cause::not_due, Action::no_op);
  world.set_offer(bare);
  check(world.run(), Cause::not_due, Action::no_op);
}

TEST_CASE("due: the renewed file at the same path goes out") {
  World world;
  world.set_live(leaf("live", days(20)));
  world.set_offer(leaf("newer", days(88)));
  const auto change = world.run();
  check(change, Cause::due, Action::update);
  CHECK(change.deadline == k_now + days(20));
  CHECK_FALSE(change.not_before);
}

TEST_CASE("due: an expired live certificate, though its path breaks a rule by having expired") {
  World world;
  world.set_live(leaf("live", -days(1)));
  world.live_findings = {block("expired"), block("untrusted_path")};
  world.set_offer(leaf("newer", days(88)));
  const auto change = world.run();
  check(change, Cause::due, Action::update);
  CHECK(change.health == Health::expired);
}

TEST_CASE("available: rotate.when does not wait until due") {
  World world;
  world.binding.rotate.edit().when = RotateWhen::available;
  world.set_offer(leaf("newer", days(88)));
  check(world.run(), Cause::available, Action::update);
  world.set_offer(leaf("live", days(80)));
  check(world.run(), Cause::not_due, Action::no_op);
}

TEST_CASE("available: what does not end later waits, and what the source went back to is not followed") {
  World world;
  world.binding.rotate.edit().when = RotateWhen::available;
  const auto live = leaf("live", days(80), days(85));
  world.set_live(live);
  world.set_offer(leaf("issued_before", days(80), days(90)));  // a reissue is live, its predecessor is offered
  auto change = world.run();
  CHECK(change.relation == Relation::sibling);
  check(change, Cause::not_due, Action::no_op);
  CHECK(has_note(change, "does not end later; it is not bound before live is due"));
  world.set_offer(with_intermediate(live, k_now + days(1000), "other"));
  world.set_live(with_intermediate(live));
  check(world.run(), Cause::not_due, Action::no_op);  // another chain of the same leaf, no better: 0173

  world.set_live(leaf("live", days(80)));
  world.set_offer(leaf("issued_before", days(70)));
  change = world.run();
  CHECK(change.cause == Cause::available);
  CHECK(change.gate == Gate::older_than_live);
  world.binding.rotate.edit().shorter = Shorter::allow;
  change = world.run();
  check(change, Cause::not_due, Action::no_op);
  CHECK(has_note(change, "which ends before the live certificate and is not bound"));
  world.set_offer(leaf("shorter", days(70), days(75)));
  check(world.run(), Cause::available, Action::update);
  CHECK(world.run().gate == Gate::none);
}

TEST_CASE("relation same never writes, whatever the cause and however bad live is") {
  for (const auto left : {days(80), days(20), days(5), -days(1)}) {
    World world;
    world.set_live(leaf("live", left));
    world.set_offer(leaf("live", left));
    world.overrides.replace = true;
    world.binding.rotate.edit().when = RotateWhen::available;
    world.live_findings = {block("sha1")};
    CHECK(world.run().action == Action::no_op);
  }
}
