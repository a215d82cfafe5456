// "State pins the trunk's id; a name is resolved once": docs/semantics.md, Adopt.
#include "planner/diff/lookup.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/planner/diff/world.hpp"

using namespace trunkform;
using namespace trunkform::diff;
using namespace trunkform::diff::test;
using Kind = TrunkLookup::Kind;

namespace {

LiveTrunk trunk(const std::string& id, const std::string& name) {
  return {{id}, name, "1", "active", Sighting::nothing()};
}

const std::vector<LiveTrunk> k_trunks = {trunk("1", "one"), trunk("2", "two"), trunk("3", "same"), trunk("4", "same")};

ResourceRecord pinned(const std::string& id, const std::string& name) {
  ResourceRecord record;
  record.trunk_id = {id};
  record.trunk_name = name;
  record.chain = leaf("recorded", days(80));
  return record;
}

TrunkLookup find(const TrunkSelector& selector, const std::optional<ResourceRecord>& prior = std::nullopt) {
  static const TrunkIndex index(k_trunks);
  return index.look_up(selector, prior ? &*prior : nullptr);
}

}  // namespace

TEST_CASE("a trunk is found by name and by id") {
  CHECK(find(TrunkByName{"two"}).trunk->id.value == "2");
  CHECK(find(TrunkById{{"2"}}).trunk->name == "two");
  CHECK(find(TrunkByName{"five"}).kind == Kind::missing);
  CHECK(find(TrunkById{{"5"}}).kind == Kind::missing);
  CHECK(find(TrunkByName{""}).kind == Kind::missing);
}

TEST_CASE("a name that two trunks have is ambiguous, unless one of them is pinned") {
  const auto lookup = find(TrunkByName{"same"});
  CHECK(lookup.kind == Kind::ambiguous);
  CHECK(lookup.candidates == std::vector<TrunkId>{{"3"}, {"4"}});
  const auto known = find(TrunkByName{"same"}, pinned("4", "same"));
  CHECK(known.kind == Kind::found);
  CHECK(known.trunk->id.value == "4");
}

TEST_CASE("a pinned trunk that was renamed is still the one, even when another took its old name") {
  const auto lookup = find(TrunkByName{"two"}, pinned("1", "two"));
  CHECK(lookup.kind == Kind::found);
  CHECK(lookup.trunk->id.value == "1");
  CHECK_FALSE(lookup.repointed);
}

TEST_CASE("a pinned trunk that is gone is missing, or replaced where its name lives on") {
  CHECK(find(TrunkByName{"five"}, pinned("5", "five")).kind == Kind::missing);
  const auto lookup = find(TrunkByName{"two"}, pinned("5", "two"));
  CHECK(lookup.kind == Kind::replaced);
  CHECK(lookup.trunk->id.value == "2");
  CHECK(find(TrunkByName{"same"}, pinned("5", "same")).kind == Kind::ambiguous);
  CHECK(find(TrunkById{{"5"}}, pinned("5", "two")).kind == Kind::missing);
}

TEST_CASE("a configuration that names another trunk means that one") {
  const auto by_name = find(TrunkByName{"two"}, pinned("1", "one"));
  CHECK(by_name.kind == Kind::found);
  CHECK(by_name.repointed);
  CHECK(by_name.trunk->id.value == "2");
  const auto by_id = find(TrunkById{{"2"}}, pinned("1", "one"));
  CHECK(by_id.kind == Kind::found);
  CHECK(by_id.repointed);
}

TEST_CASE("a configuration that follows a rename outside means the pinned trunk") {
  const auto lookup = find(TrunkByName{"one"}, pinned("1", "old name"));
  CHECK(lookup.kind == Kind::found);
  CHECK_FALSE(lookup.repointed);
}

TEST_CASE("a rename is reported as drift, apart from the action") {
  World world;
  world.trunks[0].name = "Trunk A (moved)";
  auto change = world.run();
  CHECK(change.action == Action::no_op);
  CHECK(change.trunk_name == "Trunk A (moved)");
  REQUIRE(change.drift.size() == 1);
  CHECK(change.drift[0].kind == Drift::Kind::trunk_renamed);
  CHECK(change.drift[0].message == "trunk \"Trunk A\" is now named \"Trunk A (moved)\"");
  world.binding.trunk = TrunkByName{"Trunk A (moved)"};  // the configuration follows
  CHECK(world.run().drift.empty());
}

TEST_CASE("a binding that now names another trunk starts anew there, and the plan says what it leaves") {
  World world;
  world.trunks.push_back({{"id-b"}, "Trunk B", "1", "active", Sighting::nothing()});
  world.binding.trunk = TrunkByName{"Trunk B"};
  const auto change = world.run();
  CHECK(change.cause == Cause::new_binding);
  CHECK(change.action == Action::create);
  CHECK(change.trunk_id == TrunkId{"id-b"});
  CHECK(change.drift.empty());
  CHECK(has_note(change, "\"Trunk A\" (id-a) is forgotten and keeps its certificate"));
}

TEST_CASE("a trunk that is out of service is worth a warning, unless the configuration calls it healthy") {
  World world;
  world.trunks[0].status = "degraded";
  CHECK(has_note(world.run(), "warning: the trunk's status is \"degraded\""));
  world.binding.verify.edit().healthy = {"degraded"};
  CHECK_FALSE(has_note(world.run(), "status"));
}

TEST_CASE("prevent_destroy refuses a binding that leaves its trunk for another one") {
  World world;
  world.trunks.push_back({{"id-b"}, "Trunk B", "1", "active", Sighting::nothing()});
  world.binding.trunk = TrunkByName{"Trunk B"};
  world.record->prevent_destroy = true;
  const auto change = world.run();
  CHECK(change.gate == Gate::prevent_destroy);
  REQUIRE(change.error);
  CHECK(change.error->summary ==
        "the configuration names another trunk, and `prevent_destroy` refuses to forget \"Trunk A\"");
  CHECK(has_hint(change, "trunkform state rm -force 'genesys_trunk_certificate.a'"));
}
