// What a pending change becomes once its certificate was issued: docs/semantics.md, issuing.
#include "planner/diff/issued.hpp"

#include <algorithm>

#include "tests/unit/planner/diff/gates.hpp"

using namespace trunkform;
using namespace trunkform::diff;
using namespace trunkform::diff::test;
using schedule::WindowRule;

namespace {

/// Live ends in ten days, and its successor is yet to be issued.
struct Pending : World {
  Pending() {
    set_live(leaf("live", days(10)));
    set_pending();
  }
  PlannedChange planned() const {
    auto change = run();
    REQUIRE(is_to_come(change));
    return change;
  }
  /// The same change with what was issued.
  static PlannedChange filled(PlannedChange change, const ChainPtr& issued, Instant now = k_now,
                              WindowRule windows = WindowRule::honour) {
    Offer offer;
    offer.kind = Offer::Kind::certificate;
    offer.chain = issued;
    offer.version = VersionId{"7"};
    offer.capability = Capability::sealed;
    fill_in(change, offer, windows, now);
    return change;
  }
};

std::size_t deferrals(const PlannedChange& change) {
  return static_cast<std::size_t>(std::count_if(change.notes.begin(), change.notes.end(),
                                                [](const auto& note) { return note.starts_with(k_deferred_note); }));
}

}  // namespace

TEST_CASE("what was issued is what is written, with its version and what can be read of it") {
  Pending world;
  world.binding.rotate.edit().min_age = Duration::zero();
  const auto issued = leaf("issued", days(90));
  const auto change = Pending::filled(world.planned(), issued);
  CHECK(change.after == issued);
  CHECK(change.version == VersionId{"7"});
  CHECK(change.capability == Capability::sealed);
  CHECK(change.writes());
  CHECK_FALSE(change.not_before);
  CHECK(deferrals(change) == 0);
}

TEST_CASE("what cannot be read from the store is not written, and the reason is the store's") {
  Pending world;
  auto change = world.planned();
  Offer offer;
  offer.error = Error(ErrorCode::denied, "the secret may not be read");
  fill_in(change, offer, WindowRule::honour, k_now);
  CHECK(change.gate == Gate::source_unreachable);
  CHECK(change.after == nullptr);
  REQUIRE(change.error);
  CHECK(change.error->address == to_string(change.address));
  REQUIRE(change.error->causes.size() == 1);
  CHECK(change.error->causes.front().summary == "the secret may not be read");
}

TEST_CASE("a binding does not go back to a certificate that was issued to end before what is live") {
  Pending world;
  const auto shorter = leaf("issued", days(9));
  auto change = Pending::filled(world.planned(), shorter);
  CHECK(change.gate == Gate::older_than_live);
  CHECK_FALSE(change.writes());
  REQUIRE(change.error);
  CHECK(has_hint(change, "\"allow\""));
  CHECK(has_hint(change, "trunkform apply -replace='genesys_trunk_certificate.a'"));
  SECTION("unless shorter lifetimes are meant") { world.binding.rotate.edit().shorter = Shorter::allow; }
  SECTION("unless somebody says so") { world.overrides.replace = true; }
  SECTION("unless the binding is of something else now") { world.record->locator.arguments["chain"] = "elsewhere.pem"; }
  SECTION("unless the key that is live is known to others") { world.binding.replace_compromised = true; }
  change = Pending::filled(world.planned(), shorter);
  CHECK(change.gate == Gate::none);
  CHECK(change.after == shorter);
}

TEST_CASE("where nothing is live there is nothing to go back from") {
  Pending world;
  auto planned = world.planned();
  planned.before = nullptr;
  CHECK(Pending::filled(planned, leaf("issued", days(9))).gate == Gate::none);
}

TEST_CASE("the end of what was issued is that of its whole path") {
  Pending world;
  auto change = world.planned();
  Offer offer;
  offer.chain = leaf("issued", days(90));
  offer.path = trusted_until(k_now + days(9));
  fill_in(change, offer, WindowRule::honour, k_now);
  CHECK(change.gate == Gate::older_than_live);
}

TEST_CASE("the age that a certificate must have counts from its own beginning, which no plan knew") {
  Pending world;
  world.binding.rotate.edit().min_age = std::chrono::hours(1);
  const auto issued = leaf("issued", days(90), days(90) + std::chrono::minutes(10));
  auto change = Pending::filled(world.planned(), issued);
  REQUIRE(change.not_before);
  CHECK(*change.not_before == issued->leaf().not_before + std::chrono::hours(1));
  CHECK(change.gate == Gate::none);
  CHECK(deferrals(change) == 1);
  CHECK(has_note(change, "rotate.min_age"));
  // Told once, with what holds now.
  change = Pending::filled(change, issued);
  CHECK(deferrals(change) == 1);
}

TEST_CASE("a deferral of the plan stays where the age asks for less, and gives way where it asks for more") {
  Pending world;
  world.binding.rotate.edit().min_age = std::chrono::hours(1);
  auto planned = world.planned();
  planned.notes.push_back(std::string(k_deferred_note) + "the carrier rests");
  const auto issued = leaf("issued", days(90), days(90));
  SECTION("less") {
    planned.not_before = k_now + days(1);
    const auto change = Pending::filled(planned, issued);
    CHECK(*change.not_before == k_now + days(1));
    CHECK(has_note(change, "the carrier rests"));
  }
  SECTION("more") {
    planned.not_before = k_now + std::chrono::minutes(5);
    const auto change = Pending::filled(planned, issued);
    CHECK(*change.not_before == k_now + std::chrono::hours(1));
    CHECK_FALSE(has_note(change, "the carrier rests"));
    CHECK(deferrals(change) == 1);
  }
}

TEST_CASE("a key that is known to others is left without waiting for an age, another certificate of it is not") {
  Pending world;
  world.binding.rotate.edit().min_age = std::chrono::hours(1);
  world.binding.replace_compromised = true;
  const auto keyed = [](const std::string& key) {
    auto facts = std::make_shared<CertificateFacts>(leaf("issued", days(90), days(90))->leaf());
    facts->key.spki = fingerprint(key);
    return chain({std::move(facts)});
  };
  auto planned = world.planned();
  REQUIRE(planned.before != nullptr);
  const auto live = std::make_shared<CertificateFacts>(planned.before->leaf());
  live->key.spki = fingerprint("known to others");
  planned.before = chain({live});
  CHECK_FALSE(Pending::filled(planned, keyed("new")).not_before);
  CHECK(Pending::filled(planned, keyed("known to others")).not_before);
}

TEST_CASE("a window is waited for, and passed over by who says so") {
  Pending world;
  auto& rotate = world.binding.rotate.edit();
  rotate.min_age = Duration::zero();
  world.set_live(leaf("live", days(25)));
  world.set_pending();
  auto planned = world.planned();
  planned.binding->rotate.edit().windows = {{{}, std::chrono::hours(3), std::chrono::hours(2), "UTC", {}}};
  const auto issued = leaf("issued", days(90));
  const auto change = Pending::filled(planned, issued);
  REQUIRE(change.not_before);
  CHECK(has_note(change, "rotate.window"));
  CHECK_FALSE(Pending::filled(planned, issued, k_now, WindowRule::ignore).not_before);
}
