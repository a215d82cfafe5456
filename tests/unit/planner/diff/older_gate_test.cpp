// The gates that keep what is newer, or what somebody went back to: docs/semantics.md, diff 4.
#include "tests/unit/planner/diff/gates.hpp"

using namespace trunkform;
using namespace trunkform::diff;
using namespace trunkform::diff::test;

TEST_CASE("older_than_live: an old certificate is not pushed over a newer one") {
  DueWorld world;
  world.set_offer(leaf("older", days(10)));
  const auto change = world.run();
  check(change, Gate::older_than_live, "the source offers a certificate that ends before the live one");
  CHECK(has_hint(change, "trunkform apply -replace='genesys_trunk_certificate.a'"));
  CHECK(has_hint(change, "\"shorter\": \"allow\""));
}

TEST_CASE("older_than_live: a newer one pushed by hand is not undone") {
  World world;
  world.trunks[0].certificate = Sighting::of(leaf("by_hand", days(88)));
  const auto change = world.run();
  CHECK(change.cause == Cause::drifted);
  CHECK(change.gate == Gate::older_than_live);
}

TEST_CASE("older_than_live: a reissue with the same end that was pushed by hand is not undone") {
  World world;
  world.trunks[0].certificate = Sighting::of(leaf("by_hand", days(80), days(85)));
  auto change = world.run();
  CHECK(change.relation == Relation::sibling);
  CHECK(change.cause == Cause::drifted);
  check(change, Gate::older_than_live, "the source offers a certificate that was issued before the live one");
  CHECK(has_hint(change, "trunkform apply -replace='genesys_trunk_certificate.a'"));
  // The other way round it is ours that is the newer one.
  world.trunks[0].certificate = Sighting::of(leaf("by_hand", days(80), days(95)));
  change = world.run();
  CHECK(change.relation == Relation::newer);
  CHECK(change.gate == Gate::none);
}

TEST_CASE("older_than_live: not when forced, changed or allowed; adopting is no exemption") {
  DueWorld world;
  world.set_offer(leaf("older", days(10)));
  world.overrides.replace = true;
  CHECK(world.run().gate == Gate::none);
  world.overrides = {};
  world.binding.rotate.edit().shorter = Shorter::allow;
  CHECK(world.run().gate == Gate::none);
  world.binding.rotate.edit().shorter = Shorter::refuse;
  world.record->locator.arguments["chain"] = "elsewhere.pem";
  CHECK(world.run().gate == Gate::none);
  world.record.reset();
  world.binding.adopt = true;
  CHECK(world.run().gate == Gate::older_than_live);
}

TEST_CASE("reverted_outside: live is an earlier certificate of our own history") {
  World world;
  const auto earlier = leaf("earlier", days(60));
  world.trunks[0].certificate = Sighting::of(earlier);
  world.record->history.push_back({earlier, world.binding.locator, VersionId{"v-1"}, k_now - days(50), ""});
  const auto change = world.run();
  check(change, Gate::reverted_outside, "somebody rolled this trunk back outside of trunkform");
  CHECK(change.cause == Cause::drifted);
  CHECK(has_hint(change, "trunkform apply -replace='genesys_trunk_certificate.a'"));
  CHECK(has_hint(change, "trunkform history"));
  world.overrides.replace = true;
  CHECK(world.run().gate == Gate::none);
  // What an interrupted run was about says nothing of somebody who went back after it had died.
  world.overrides.replace = false;
  world.intent.emplace();
  world.intent->record = world.recorded(leaf("intended", days(80)));
  world.intent->from = leaf("live then", days(60))->identity;
  CHECK(world.run().gate == Gate::reverted_outside);
  world.intent->from = earlier->identity;
  CHECK(world.run().gate == Gate::none);
}

TEST_CASE("reverted_outside: found by the leaf where the service gives chains back in its own way") {
  World world;
  const auto earlier = with_intermediate(leaf("earlier", days(60)));
  world.record->history.push_back({earlier, world.binding.locator, VersionId{"v-1"}, k_now - days(50), ""});
  world.trunks[0].certificate = Sighting::of(leaf("earlier", days(60)));
  CHECK(world.run().gate == Gate::none);
  world.record->as_read = leaf("other", days(1))->identity;
  CHECK(world.run().gate == Gate::reverted_outside);
}

TEST_CASE("a source that went back together with the trunk is adopted, not refused") {
  World world;
  const auto earlier = leaf("earlier", days(60));
  world.trunks[0].certificate = Sighting::of(earlier);
  world.record->history.push_back({earlier, world.binding.locator, VersionId{"v-1"}, k_now - days(50), ""});
  world.set_offer(earlier);
  const auto change = world.run();
  CHECK(change.action == Action::adopt);
  CHECK(change.gate == Gate::none);
}
