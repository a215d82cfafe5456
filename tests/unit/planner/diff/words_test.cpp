// What is told where the short fingerprint of the leaf tells nothing.
#include "planner/diff/words.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/planner/diff/world.hpp"

using namespace trunkform;
using namespace trunkform::diff;
using namespace trunkform::diff::test;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string chain_print(const ChainPtr& one) { return to_short(one->identity.chain); }

}  // namespace

TEST_CASE("two chains of one leaf are told apart by their fingerprints and by what one has and the other has not") {
  const auto alone = leaf("live", days(80)), whole = with_intermediate(alone);
  const auto other = with_intermediate(alone, k_now + days(500), "cross-sign");
  const auto& intermediate = whole->certificates.back()->subject;
  const auto less = chain_difference(*alone, *whole);
  CHECK(has(less, "chain " + chain_print(alone) + " instead of " + chain_print(whole) + ": without '" + intermediate));
  CHECK(has(chain_difference(*whole, *alone), ": with '" + intermediate));
  const auto exchanged = chain_difference(*other, *whole);
  CHECK(has(exchanged, ": without '" + intermediate));
  CHECK(has(exchanged, ", with '" + other->certificates.back()->subject));
  CHECK(has(exchanged, "ends " + to_date(k_now + days(500))));
  auto turned = whole->certificates;
  std::reverse(turned.begin(), turned.end());
  CHECK(has(chain_difference(*chain(turned), *whole), "the same certificates in another order"));
}

TEST_CASE("drift of the chain alone does not say one fingerprint twice, in any of the texts") {
  World world;
  const auto alone = leaf("live", days(80)), whole = with_intermediate(alone);
  world.set_live(whole);
  world.set_offer(whole);
  world.trunks[0].certificate = Sighting::of(alone);
  auto change = world.run();
  REQUIRE(change.drift.size() == 1);
  CHECK(has(change.drift[0].message, "the leaf that state recorded on"));
  CHECK(has(change.drift[0].message, chain_difference(*alone, *whole)));
  CHECK(has(told_apart(*alone, *whole), "the right leaf " + to_short(alone->identity.leaf) + " in another chain"));
  CHECK(told_apart(*leaf("x", days(1)), *whole) ==
        to_short(leaf("x", days(1))->identity.leaf) + " instead of " + to_short(whole->identity.leaf));

  // Somebody put an earlier chain of the same leaf back.
  world.record->history.push_back({alone, world.binding.locator, VersionId{"v-1"}, k_now, ""});
  change = world.run();
  CHECK(change.gate == Gate::reverted_outside);
  CHECK(has(change.error->detail, chain_difference(*alone, *whole)));
}

TEST_CASE("an offer of the live leaf in another chain is told as that") {
  World world;
  const auto alone = leaf("live", days(80)), whole = with_intermediate(alone);
  world.set_live(whole);
  world.set_offer(alone);
  auto change = world.run();
  CHECK(change.action == Action::no_op);
  CHECK(has_note(change, "the source offers the live certificate in another " + chain_difference(*alone, *whole)));

  const auto ends_first = with_intermediate(alone, k_now + days(40));
  world.observed_path = trusted_until(k_now + days(80));
  world.set_offer(ends_first);
  world.offer.path = trusted_until(k_now + days(40));
  world.set_live(whole);
  world.binding.rotate.edit().when = RotateWhen::available;
  change = world.run();
  CHECK(change.gate == Gate::older_than_live);
  CHECK(has(change.error->detail, chain_difference(*ends_first, *whole)));
}
