// All bindings together: who else binds a trunk, what is forgotten, what is selected, and in which order.
#include <algorithm>
#include <memory>
#include <random>

#include <catch2/catch.hpp>

#include "planner/diff/diff.hpp"
#include "tests/unit/planner/diff/world.hpp"

using namespace trunkform;
using namespace trunkform::diff;
using namespace trunkform::diff::test;

namespace {

/// Bindings `a`, `b` … on trunks `id-a`, `id-b` …, all recorded and healthy.
struct Fleet {
  std::vector<LiveTrunk> trunks;
  std::vector<std::unique_ptr<Binding>> bindings;
  std::map<Address, ResourceRecord> records;
  Offer offer;
  Selection selection;
  Mode mode = Mode::apply;
  Organisation organisation{"org-1", "Example", true};

  explicit Fleet(int count) {
    World world;
    offer = world.offer;
    for (int i = 0; i < count; ++i) {
      const std::string name(1, static_cast<char>('a' + i));
      trunks.push_back({{"id-" + name}, "Trunk " + name, "1", "active", Sighting::of(offer.chain)});
      bindings.push_back(std::make_unique<Binding>(world.binding));
      bindings.back()->address = address(name);
      bindings.back()->trunk = TrunkByName{"Trunk " + name};
      auto record = world.recorded(offer.chain);
      record.address = address(name);
      record.trunk_id = trunks.back().id;
      record.trunk_name = trunks.back().name;
      records.emplace(record.address, record);
    }
  }

  std::vector<PlannedChange> run() const {
    const TrunkIndex index(trunks);
    DiffAllInput all{.bindings = {}, .records = &records, .trunks = index, .organisation = organisation};
    all.pinned_organisation = Organisation{"org-1", "Example", true};
    all.selection = selection;
    all.mode = mode;
    all.now = k_now;
    for (const auto& binding : bindings) {
      const auto record = records.find(binding->address);
      const auto* prior = record == records.end() ? nullptr : &record->second;
      DiffInput input{.binding = *binding, .offer = offer, .trunk = index.look_up(binding->trunk, prior), .now = k_now};
      input.prior = prior;
      input.organisation = organisation;
      input.pinned_organisation = all.pinned_organisation;
      all.bindings.push_back(input);
    }
    return diff_all(std::move(all));
  }

  PlannedChange run_one(const std::string& name) const {
    for (auto& change : run())
      if (change.address == address(name)) return change;
    FAIL("no change for " << name);
    return {};
  }
};

std::string names(const std::vector<PlannedChange>& changes) {
  std::string text;
  for (const auto& change : changes) text += change.address.name;
  return text;
}

}  // namespace

TEST_CASE("changes come by address, and the order of the bindings does not matter") {
  Fleet fleet(12);
  fleet.bindings.erase(fleet.bindings.begin() + 3);
  fleet.bindings[2]->trunk = TrunkByName{"Trunk a"};
  fleet.records.erase(address("c"));
  const auto drawn = [&] {
    std::string text;
    for (const auto& change : fleet.run()) text += fingerprint_of(change) + "\n";
    return text;
  };
  const auto expected = drawn();
  CHECK(names(fleet.run()) == "abcdefghijkl");
  std::mt19937 random(20261124);
  for (int round = 0; round < 50; ++round) {
    std::shuffle(fleet.bindings.begin(), fleet.bindings.end(), random);
    REQUIRE(drawn() == expected);
  }
}

TEST_CASE("two bindings on one trunk are both refused, each naming the other; the rest goes on") {
  Fleet fleet(3);
  fleet.records.erase(address("b"));
  fleet.bindings[1]->trunk = TrunkById{{"id-a"}};
  const auto changes = fleet.run();
  CHECK(changes[0].gate == Gate::bound_twice);
  CHECK(changes[1].gate == Gate::bound_twice);
  CHECK(changes[2].gate == Gate::none);
  CHECK(changes[0].error->detail.find("genesys_trunk_certificate.b binds it too") != std::string::npos);
  CHECK(changes[1].error->detail.find("genesys_trunk_certificate.a binds it too") != std::string::npos);
}

TEST_CASE("bound_twice is found also against a binding that is not selected") {
  Fleet fleet(2);
  fleet.records.erase(address("b"));
  fleet.bindings[1]->trunk = TrunkById{{"id-a"}};
  fleet.selection.excludes = {address("b")};
  CHECK(names(fleet.run()) == "a");
  CHECK(fleet.run_one("a").gate == Gate::bound_twice);
}

TEST_CASE(
    "a binding removed from the configuration is forgotten, never cleared, and the plan says when the orphan expires") {
  Fleet fleet(2);
  fleet.bindings.pop_back();
  const auto change = fleet.run_one("b");
  CHECK(change.action == Action::forget);
  CHECK(change.cause == Cause::removed);
  CHECK_FALSE(change.writes());
  CHECK_FALSE(change.binding);
  CHECK(change.effective_expiry == k_now + days(80));
  CHECK(change.notes == std::vector<std::string>{
                            "the trunk keeps its certificate, which ends on 2027-02-12; nobody rotates it any more"});
}

TEST_CASE("nothing is said of an orphan whose trunk is gone too") {
  Fleet fleet(2);
  fleet.bindings.pop_back();
  fleet.trunks.pop_back();
  const auto change = fleet.run_one("b");
  CHECK(change.action == Action::forget);
  CHECK_FALSE(change.effective_expiry);
  CHECK(change.notes == std::vector<std::string>{"the trunk is gone too"});
}

TEST_CASE("an orphan is judged by what is live, by state where that is unknown, and not at all where nothing is") {
  Fleet fleet(2);
  fleet.bindings.pop_back();
  fleet.trunks[1].certificate = Sighting::of(leaf("by_hand", -days(2)));
  auto change = fleet.run_one("b");
  CHECK(change.evidence == Evidence::api);
  CHECK(change.notes ==
        std::vector<std::string>{"warning: the trunk keeps its certificate, which expired on 2026-11-22"});
  fleet.trunks[1].certificate = Sighting::unclear("hidden");
  CHECK(fleet.run_one("b").evidence == Evidence::state);
  CHECK(fleet.run_one("b").effective_expiry == k_now + days(80));
  fleet.trunks[1].certificate = Sighting::nothing();
  CHECK(fleet.run_one("b").notes == std::vector<std::string>{"the trunk shows no certificate"});
}

TEST_CASE("a renamed binding without `moved` is forgotten there and adopted here, and both say so") {
  Fleet fleet(1);
  fleet.bindings[0]->address = address("renamed");
  const auto changes = fleet.run();
  REQUIRE(changes.size() == 2);
  CHECK(changes[0].action == Action::forget);
  CHECK(has_note(changes[0], "genesys_trunk_certificate.renamed binds the trunk now"));
  CHECK(has_note(changes[0], "state mv 'genesys_trunk_certificate.a' 'genesys_trunk_certificate.renamed'"));
  CHECK(changes[1].action == Action::adopt);
  CHECK(changes[1].gate == Gate::none);
}

TEST_CASE(
    "a renamed binding whose source offers something new keeps its record until somebody says that it was renamed") {
  Fleet fleet(1);
  fleet.bindings[0]->address = address("renamed");
  fleet.offer.chain = leaf("newer", days(90));
  const auto changes = fleet.run();
  REQUIRE(changes.size() == 2);
  CHECK(changes[0].action == Action::forget);
  CHECK(changes[0].gate == Gate::bound_twice);
  REQUIRE(changes[0].error);
  CHECK(changes[0].error->summary == "genesys_trunk_certificate.renamed has this trunk now, and is stopped");
  CHECK(changes[1].gate == Gate::unmanaged);
  REQUIRE(changes[1].error);
  CHECK(changes[1].error->summary == "trunk \"Trunk a\" is in state under another address");
  for (const auto& change : changes)
    CHECK(has_hint(change, "trunkform state mv 'genesys_trunk_certificate.a' 'genesys_trunk_certificate.renamed'"));
  fleet.bindings[0]->adopt = true;
  const auto taken_over = fleet.run();
  CHECK(taken_over[0].gate == Gate::none);
  CHECK(taken_over[1].gate == Gate::none);
}

TEST_CASE("prevent_destroy refuses a forget, also after the block that said so was removed") {
  Fleet fleet(2);
  fleet.bindings.pop_back();
  fleet.records.at(address("b")).prevent_destroy = true;
  const auto change = fleet.run_one("b");
  CHECK(change.action == Action::forget);
  CHECK(change.gate == Gate::prevent_destroy);
  REQUIRE(change.error);
  CHECK(change.error->address == "genesys_trunk_certificate.b");
  CHECK(has_hint(change, "put the binding back"));
  CHECK(has_hint(change, "trunkform state rm -force 'genesys_trunk_certificate.b'"));
}

TEST_CASE("destroy forgets what state knows, clears nothing, and prevent_destroy refuses it") {
  Fleet fleet(3);
  fleet.mode = Mode::destroy;
  fleet.records.erase(address("c"));
  fleet.bindings[1]->prevent_destroy = true;
  const auto changes = fleet.run();
  CHECK(names(changes) == "ab");
  CHECK(changes[0].action == Action::forget);
  CHECK(changes[0].cause == Cause::destroyed);
  CHECK(changes[0].gate == Gate::none);
  CHECK(has_note(changes[0], "nobody rotates it any more"));
  CHECK(changes[1].gate == Gate::prevent_destroy);
}

TEST_CASE("in the wrong organisation nothing is forgotten, though every trunk seems to be gone") {
  Fleet fleet(1);
  fleet.bindings.clear();
  fleet.trunks.clear();
  fleet.organisation.id = "org-2";
  const auto change = fleet.run_one("a");
  CHECK(change.gate == Gate::wrong_organisation);
  CHECK(change.error->address == "genesys_trunk_certificate.a");
  CHECK(change.notes.empty());
}

TEST_CASE("-target and -exclude select, also among what would be forgotten") {
  Fleet fleet(4);
  fleet.bindings.pop_back();
  fleet.selection.targets = {address("a"), address("b"), address("d")};
  fleet.selection.excludes = {address("b")};
  CHECK(names(fleet.run()) == "ad");
  fleet.selection.targets.clear();
  fleet.selection.excludes = {address("d")};
  CHECK(names(fleet.run()) == "abc");
}

TEST_CASE("-replace forces the address, and a resource stands for its instances") {
  Fleet fleet(2);
  fleet.bindings[0]->address.key = std::string("east");
  fleet.records.clear();
  for (auto& binding : fleet.bindings) {
    World world;
    auto record = world.recorded(fleet.offer.chain);
    record.address = binding->address;
    record.trunk_id = {"id-" + binding->address.name};
    record.trunk_name = "Trunk " + binding->address.name;
    fleet.records.emplace(record.address, record);
  }
  fleet.offer.chain = leaf("newer", days(88));
  fleet.selection.replaces = {address("a")};
  const auto changes = fleet.run();
  CHECK(changes[0].cause == Cause::forced);
  CHECK(changes[0].writes());
  CHECK(changes[1].cause == Cause::not_due);
}

TEST_CASE("an address on the command line that nothing has is found") {
  Selection selection;
  selection.targets = {address("a"), address("typo")};
  selection.replaces = {address("oops")};
  const std::vector<Address> known{address("a")};
  CHECK(unmatched(selection, known) == std::vector{address("typo"), address("oops")});
}

TEST_CASE("without state nothing is forgotten") {
  Fleet fleet(1);
  fleet.records.clear();
  const auto changes = fleet.run();
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].action == Action::adopt);
}
