// "Relation of offered to live": docs/semantics.md, Words and diff 2.
#include <catch2/catch.hpp>

#include "tests/unit/planner/diff/world.hpp"

using namespace trunkform;
using namespace trunkform::diff;
using namespace trunkform::diff::test;

namespace {

Relation relation(const ChainPtr& live, const ChainPtr& offered) {
  World world;
  world.set_live(live);
  world.set_offer(offered);
  return world.run().relation;
}

}  // namespace

TEST_CASE("same: one identity, leaf and chain") {
  CHECK(relation(leaf("x", days(80)), leaf("x", days(80))) == Relation::same);
}

TEST_CASE("newer: ends later") { CHECK(relation(leaf("x", days(80)), leaf("y", days(81))) == Relation::newer); }

TEST_CASE("newer: ends at the same time and begins later") {
  CHECK(relation(leaf("x", days(80), days(90)), leaf("y", days(80), days(85))) == Relation::newer);
}

TEST_CASE("newer: ends at the same time and has the higher source version") {
  World world;
  world.record->version = VersionId{"9"};
  world.set_offer(leaf("y", days(80)));
  world.offer.version = VersionId{"10"};
  CHECK(world.run().relation == Relation::newer);
  world.offer.version = VersionId{"8"};
  CHECK(world.run().relation == Relation::sibling);
}

TEST_CASE("versions that are no numbers, or that belong to something else than live, have no order") {
  World world;
  world.set_offer(leaf("y", days(80)));
  world.record->version = VersionId{"9a"};
  world.offer.version = VersionId{"10b"};
  CHECK(world.run().relation == Relation::sibling);
  world.record->version = VersionId{"9"};
  world.offer.version = VersionId{"10"};
  world.record->chain = leaf("recorded", days(70));  // drifted: 9 was not live's
  CHECK(world.run().relation == Relation::sibling);
  world.set_live(leaf("live", days(80)));
  world.record->version = VersionId{"9"};
  world.record->locator.arguments["chain"] = "other.pem";  // 9 was another source's
  CHECK(world.run().relation == Relation::sibling);
  world.record->version.reset();
  CHECK(world.run().relation == Relation::sibling);
}

TEST_CASE("older: ends earlier, even if it begins later") {
  CHECK(relation(leaf("x", days(300), days(365)), leaf("y", days(89), days(90))) == Relation::older);
}

TEST_CASE("sibling: neither") {
  CHECK(relation(leaf("x", days(80)), leaf("y", days(80))) == Relation::sibling);
  CHECK(relation(leaf("x", days(80), days(85)), leaf("y", days(80), days(90))) == Relation::sibling);
}

TEST_CASE("pending: what is to be issued counts as newer") {
  World world;
  world.set_live(leaf("live", days(20)));
  world.set_pending();
  const auto change = world.run();
  CHECK(change.relation == Relation::pending);
  CHECK(change.action == Action::update);
  CHECK_FALSE(change.after);
  CHECK_FALSE(change.not_before);
}

TEST_CASE("unknown: the source does not answer, or live cannot be seen") {
  World world;
  world.set_unreachable();
  CHECK(world.run().relation == Relation::unknown);
  World blind;
  blind.record.reset();
  blind.trunks[0].certificate = Sighting::unclear("");
  CHECK(blind.run().relation == Relation::unknown);
}

TEST_CASE("ends are effective: a later leaf behind an intermediate that ends first is older") {
  const auto live = leaf("live", days(80));
  const auto offered = with_intermediate(leaf("offered", days(200), days(365)), k_now + days(60));
  CHECK(relation(live, offered) == Relation::older);
}

TEST_CASE("the offered path's root counts, though it is not sent") {
  World world;
  world.set_offer(leaf("offered", days(88)));
  world.offer.path = trusted_until(k_now + days(40));
  CHECK(world.run().relation == Relation::older);
}

TEST_CASE("one leaf under a chain that was never validated is a sibling, not older") {
  World world;
  world.set_live(leaf("live", days(80)));
  world.set_offer(with_intermediate(world.record->chain, k_now + days(60)));
  CHECK(world.run().relation == Relation::sibling);
  world.observed_path = trusted_until(k_now + days(80));
  CHECK(world.run().relation == Relation::older);
}

TEST_CASE("where the service gives back another chain than was sent, that is what it is compared with") {
  World world;
  const auto sent = with_intermediate(leaf("live", days(80)));
  const auto given_back = leaf("live", days(80));
  world.set_live(sent);
  world.record->as_read = given_back->identity;
  world.set_offer(sent);
  world.trunks[0].certificate = Sighting::of(given_back);
  auto change = world.run();
  CHECK(change.relation == Relation::same);
  CHECK(change.action == Action::no_op);
  CHECK(change.drift.empty());

  world.trunks[0].certificate = Sighting::of(sent);  // the service was mended
  change = world.run();
  CHECK(change.relation == Relation::same);
  CHECK(change.drift.empty());

  world.trunks[0].certificate = Sighting::of(leaf("foreign", days(60)));
  CHECK(world.run().cause == Cause::drifted);
}
