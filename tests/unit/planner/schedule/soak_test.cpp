#include "planner/schedule/soak.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/planner/schedule/recorded_fleet.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using schedule::open_soak;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

/// `east` was bound and its soak not seen to its end; `north` of the same carrier may follow.
struct Soaking : Fleet {
  PlannedChange east, north;
  Instant now = k_bound + minutes(4);

  Soaking() {
    east = nothing_to_do(configure("east"));
    north = update(configure("north"));
    bind("east");
  }
  ResourceRecord& record() { return records.at(address("east")); }
  std::vector<std::string> open(const std::vector<const PlannedChange*>& writes = {}) const {
    std::vector<std::string> names;
    const std::vector<PlannedChange> changes{east, north};  // lent
    for (const auto& one : schedule::open_soaks(changes, writes, records, now))
      names.push_back(one.change->address.name + "/" + one.record->address.name);
    return names;
  }
};

const std::vector<std::string> k_none, k_east{"east/east"};

}  // namespace

TEST_CASE("a soak counts from when the certificate was seen behind its port, and is open until its end was looked at") {
  Soaking scene;
  scene.record().look = look(CheckVerdict::pass, minutes(2));
  const auto& binding = scene.bindings[0];
  CHECK(open_soak(scene.record(), binding, scene.now) == k_bound + minutes(12));
  // However much later.
  CHECK(open_soak(scene.record(), binding, k_bound + hours(24 * 30)) == k_bound + minutes(12));
  scene.record().look->settled = true;
  CHECK_FALSE(open_soak(scene.record(), binding, scene.now));
}

TEST_CASE("without a port to look at a soak is a pause from the bind on, and ends by itself") {
  Soaking scene;
  scene.record().look.reset();
  auto& binding = scene.bindings[0];
  binding.verify.edit().tls.reset();
  CHECK(open_soak(scene.record(), binding, scene.now) == k_bound + k_soak);
  CHECK(open_soak(scene.record(), binding, k_bound + k_soak - std::chrono::seconds(1)) == k_bound + k_soak);
  CHECK_FALSE(open_soak(scene.record(), binding, k_bound + k_soak));
  CHECK_FALSE(open_soak(scene.record(), binding, k_bound + hours(1)));
}

TEST_CASE("without a port green's soak is open where its blue is written, and for no blue of another group") {
  Soaking scene;
  scene.record().look.reset();
  scene.east.binding->verify.edit().tls.reset();
  scene.east.binding->colour = Colour::green;
  scene.east.binding->group = "g";
  auto blue = scene.north;
  blue.binding->colour = Colour::blue;
  blue.binding->group = "g";
  blue.binding->carrier.edit().label = "another";
  CHECK(scene.open({&blue}) == k_east);
  CHECK(schedule::left_out_with_chain({*scene.east.binding}, {blue}, {&blue}, scene.records).size() == 1);
  blue.binding->group = "h";
  CHECK(scene.open({&blue}) == k_none);
  CHECK(schedule::left_out_with_chain({*scene.east.binding}, {blue}, {&blue}, scene.records).empty());
}

TEST_CASE("a green that nobody saw is looked at before its blue: at once after its soak, else at the end of it") {
  Soaking scene;
  scene.east.binding->colour = Colour::green;
  scene.east.binding->group = "g";
  auto blue = scene.north;
  blue.binding->colour = Colour::blue;
  blue.binding->group = "g";
  const std::vector<PlannedChange> changes{scene.east, blue};
  const auto ends = [&] {
    const auto open = schedule::open_soaks(changes, {&changes[1]}, scene.records, scene.now);
    REQUIRE(open.size() == 1);
    return open[0].ends;
  };
  // A dead run's bind was found, and its port could not be looked at then.
  scene.record().look = look(CheckVerdict::inconclusive, minutes(2));
  CHECK(ends() == k_bound + minutes(2) + k_soak);
  scene.now = k_bound + hours(5);
  CHECK(ends() == scene.now);
  scene.now = k_bound + minutes(4);
  scene.record().look->settled = true;
  CHECK(ends() == scene.now);
}

TEST_CASE("nothing is left of a soak where nobody bound, where it failed or went back, and where none is wanted") {
  const bool has_port = GENERATE(true, false);
  Soaking scene;
  auto& binding = scene.bindings[0];
  if (!has_port) binding.verify.edit().tls.reset();
  REQUIRE(open_soak(scene.record(), binding, scene.now));
  SECTION("adopted or imported") { scene.record().plan.clear(); }
  SECTION("put back by a rollback, which quarantines what it leaves in the same moment") {
    scene.record().quarantine = Quarantine{chain(2)->identity, k_bound, "it did not verify"};
    REQUIRE(scene.record().was_put_back());
  }
  SECTION("it did not verify") { scene.record().failure = Failure{k_bound, "refused", ""}; }
  SECTION("no soak is configured") { binding.rollout.edit().soak = Duration::zero(); }
  CHECK_FALSE(open_soak(scene.record(), binding, scene.now));
}

TEST_CASE("a quarantine of another day does not make a bind a rollback") {
  Soaking scene;
  scene.record().quarantine = Quarantine{chain(2)->identity, k_bound - hours(24), "it did not verify"};
  CHECK_FALSE(scene.record().was_put_back());
  CHECK(open_soak(scene.record(), scene.bindings[0], scene.now));
}

TEST_CASE("behind a port only a pass of the run that bound it leaves a soak open") {
  Soaking scene;
  const auto& binding = scene.bindings[0];
  SECTION("nobody looked") { scene.record().look.reset(); }
  SECTION("nobody could see") { scene.record().look->verdict = CheckVerdict::inconclusive; }
  SECTION("it was seen to fail") { scene.record().look->verdict = CheckVerdict::fail; }
  CHECK_FALSE(open_soak(scene.record(), binding, scene.now));
}

TEST_CASE(
    "what somebody recorded before the end of a soak leaves it open, whatever was seen, and after it nothing is") {
  Soaking scene;
  const auto verdict = GENERATE(CheckVerdict::pass, CheckVerdict::fail, CheckVerdict::inconclusive);
  scene.record().look = look(verdict, minutes(3));
  scene.record().look->recorded = true;
  CHECK(open_soak(scene.record(), scene.bindings[0], scene.now) == k_bound + k_soak);
  SECTION("a run had seen the end, and the soak was made longer since") { scene.record().look->settled = true; }
  SECTION("recorded when its time was over") { scene.record().look->at = k_bound + k_soak; }
  CHECK_FALSE(open_soak(scene.record(), scene.bindings[0], k_bound + k_soak + minutes(1)));
}

TEST_CASE("the end of a soak that a run saw proves a chain, however short that soak was; a failure proves nothing") {
  Soaking scene;
  const auto proves = [&] {
    schedule::ProvenChains proven;
    schedule::add_proof(proven, scene.bindings[0], scene.records);
    return proven == schedule::ProvenChains{{"a", chain(1)->identity.chain}};
  };
  // The look of the run that bound it came before its soak, whenever it was.
  scene.record().look = look(CheckVerdict::pass, hours(1));
  CHECK_FALSE(proves());
  scene.record().look = look(CheckVerdict::pass, minutes(1));
  scene.record().look->settled = true;
  CHECK(proves());
  scene.record().failure = Failure{k_bound, "refused", ""};
  CHECK_FALSE(proves());
  scene.record().failure.reset();
  scene.record().look->verdict = CheckVerdict::fail;
  CHECK_FALSE(proves());
}

TEST_CASE("an open soak is seen to where the trunk has what is recorded and nothing is to be done about it") {
  Soaking scene;
  CHECK(scene.open() == k_east);
  SECTION("as the service gave it back") {
    scene.east.before = chain(8);
    CHECK(scene.open() == k_none);
    scene.record().as_read = chain(8)->identity;
    CHECK(scene.open() == k_east);
  }
  SECTION("behind a gate that is about the offer, it is ours all the same") {
    scene.east.gate = Gate::source_unreachable;
    CHECK(scene.open() == k_east);
  }
}

TEST_CASE("nobody looks at the end of a soak where the trunk is not as it was left, or is not ours any more") {
  Soaking scene;
  SECTION("something else is live") { scene.east.before = chain(2); }
  SECTION("nothing is live") { scene.east.before = nullptr; }
  SECTION("the address means another trunk now: the record is of the one before") {
    scene.east.trunk_id = TrunkId{"id of another"};
  }
  SECTION("no trunk was found") { scene.east.trunk_id.reset(); }
  SECTION("another state has it") { scene.east.gate = Gate::owned_elsewhere; }
  SECTION("it is written anew") { scene.east.action = Action::update; }
  SECTION("it is adopted") { scene.east.action = Action::adopt; }
  SECTION("it is forgotten") {
    scene.east.action = Action::forget;
    scene.east.binding.reset();
  }
  SECTION("nothing is recorded") { scene.records.clear(); }
  CHECK(scene.open() == k_none);
}

TEST_CASE("a forgotten binding's soak is not seen to, though its configuration is still at hand") {
  Soaking scene;
  scene.east.action = Action::forget;
  CHECK(scene.open() == k_none);
}

TEST_CASE("without a port only the soak of a chain that goes on to its own carrier's trunks is kept") {
  Soaking scene;
  scene.east.binding->verify.edit().tls.reset();
  CHECK(scene.open() == k_none);
  CHECK(scene.open({&scene.north}) == k_east);
  SECTION("another chain goes there") {
    scene.north.after = chain(2);
    CHECK(scene.open({&scene.north}) == k_none);
  }
  SECTION("the chain goes to another carrier") {
    scene.north.binding->carrier.edit().label = "b";
    CHECK(scene.open({&scene.north}) == k_none);
  }
  SECTION("what is still to be issued is another chain") {
    scene.north.after = nullptr;
    CHECK(scene.open({&scene.north}) == k_none);
  }
}

TEST_CASE("open soaks are the canaries of their chains on their carriers, and stand in the order of the changes") {
  Soaking scene;
  scene.north = Fleet::nothing_to_do(scene.bindings[1], 2);
  scene.north.binding->carrier.edit().label = "b";
  scene.bind("north", 2);
  CHECK(scene.open() == std::vector<std::string>{"east/east", "north/north"});
  schedule::ProvenChains proven;
  const std::vector<PlannedChange> changes{scene.east, scene.north};
  schedule::add_canaries(proven, schedule::open_soaks(changes, {}, scene.records, scene.now));
  CHECK(proven == schedule::ProvenChains{{"a", chain(1)->identity.chain}, {"b", chain(2)->identity.chain}});
}

TEST_CASE(
    "of the bindings that are left out, only those that still mean the recorded trunk have a soak to be seen to") {
  Soaking scene;
  auto& trunk = scene.bindings[0].trunk;
  const auto left_out = [&] {
    return schedule::left_out_with_chain(scene.bindings, {scene.north}, {&scene.north}, scene.records).size();
  };
  SECTION("by name") {
    scene.record().trunk_name = "East 1";
    trunk = TrunkByName{"East 1"};
    CHECK(left_out() == 1);
    trunk = TrunkByName{"East 2"};
    CHECK(left_out() == 0);
  }
  SECTION("by id") {
    trunk = TrunkById{scene.record().trunk_id};
    CHECK(left_out() == 1);
    trunk = TrunkById{TrunkId{"id of another"}};
    CHECK(left_out() == 0);
  }
}
