#include "state/document/delta.hpp"

#include <catch2/catch.hpp>

#include "state/document/ownership.hpp"
#include "tests/unit/state/state_fixture.hpp"

using namespace trunkform;
using namespace trunkform::testing;

TEST_CASE("a delta removes, then puts, and never takes back what is folded in") {
  StateDocument document;
  document.folded_through = 9;
  document.resources[address_of("a")] = record_of("a", "one");
  document.open_intents[address_of("a")] = 4;
  StateDelta delta;
  delta.removals = {address_of("a")};
  delta.upserts = {record_of("b", "two")};
  delta.organisation = Organisation{"id", "name", true};
  delta.folded_through = 3;
  const auto after = state::apply_delta(document, delta);
  CHECK(after.resources.size() == 1);
  CHECK(identity_in(after, "b") == chain_named("two")->identity);
  CHECK(after.open_intents.empty());
  CHECK(after.organisation->id == "id");
  CHECK(after.folded_through == 9);
}

TEST_CASE("a second address that binds a trunk is refused by the name of the first") {
  StateDocument document;
  document.resources[address_of("a")] = record_of("a", "one", "T");
  StateDelta delta;
  delta.upserts = {record_of("b", "one", "T")};
  const auto refused = state::check_delta(state::apply_delta(document, delta), delta);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(refused.error().summary == "trunk T is already bound by genesys_trunk_certificate.a");
  delta.removals = {address_of("a")};
  CHECK(state::check_delta(state::apply_delta(document, delta), delta));
  CHECK(state::owner_of(document, {"T"}) == address_of("a"));
  CHECK_FALSE(state::owner_of(document, {"U"}));
}

TEST_CASE("a record that could not be read back is refused before anything is written") {
  StateDelta delta;
  delta.upserts = {record_of("a", "one")};
  CHECK(state::check_delta(state::apply_delta({}, delta), delta));
  delta.upserts[0].chain = nullptr;
  CHECK(state::check_delta({}, delta).error().code == ErrorCode::internal);
  delta.upserts = {record_of("a", "one")};
  delta.upserts[0].history.push_back({});
  CHECK(state::check_delta({}, delta).error().code == ErrorCode::internal);
}
