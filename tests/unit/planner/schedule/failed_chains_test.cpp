#include "planner/schedule/failed_chains.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/planner/schedule/recorded_fleet.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using schedule::FailedChains;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

constexpr std::uint8_t k_failing = 7, k_earlier = 3;

/// `east` is where the chain failed; `north` of the same carrier and `far` of another are to get it.
struct Failing : Fleet {
  Instant now = k_bound + hours(1);

  Failing() {
    configure("east");
    configure("north");
    configure("far", "b");
  }
  std::size_t holds(const PlannedChange& change, const std::set<Address>& leaving = {}) const {
    return FailedChains(bindings, records, leaving).holds(change, now);
  }
  PlannedChange north() const { return update(bindings[1], k_failing); }
  PlannedChange far() const { return update(bindings[2], k_failing); }
  void quarantine(const std::string& name) {
    auto& record = bind(name, k_earlier);
    record.quarantine = Quarantine{chain(k_failing)->identity, k_bound, "it did not verify"};
  }
};

}  // namespace

TEST_CASE("a chain counts as failed where it was left, where it is bound and failed, and where it was seen to fail") {
  Failing fleet;
  SECTION("quarantined: another chain is bound by now") { fleet.quarantine("east"); }
  SECTION("bound still, and it did not verify") {
    fleet.bind("east", k_failing).failure = Failure{k_bound, "refused", ""};
  }
  SECTION("seen to fail later, by whomever") {
    fleet.bind("east", k_failing).look = look(CheckVerdict::fail, hours(1));
  }
  CHECK(fleet.holds(fleet.north()) == 1);
  // The chain that is bound by now has nothing to do with it.
  CHECK(fleet.holds(Fleet::update(fleet.bindings[1], k_earlier)) == 0);
}

TEST_CASE("where it failed and why is told, of the others alone") {
  Failing fleet;
  fleet.configure("west");
  fleet.quarantine("east");
  CHECK(FailedChains(fleet.bindings, fleet.records).told(fleet.north()) ==
        to_string(Fleet::address("east")) + ": it did not verify");
  fleet.bind("west", k_failing).look = look(CheckVerdict::fail, hours(1));
  const FailedChains failed(fleet.bindings, fleet.records);
  CHECK(failed.told(fleet.north()) == to_string(Fleet::address("east")) + ": it did not verify; and on 1 more");
  CHECK(failed.told(Fleet::update(fleet.bindings[0], k_failing)) ==
        to_string(Fleet::address("west")) + ": its port was seen to fail");
  CHECK(failed.told(fleet.far()).empty());
}

TEST_CASE("what is about to be taken back counts by the chain that is bound now, before any record says so") {
  Failing fleet;
  fleet.bind("east", k_failing);
  CHECK(fleet.holds(fleet.north()) == 0);
  CHECK(fleet.holds(fleet.north(), {Fleet::address("east")}) == 1);
  CHECK(fleet.holds(fleet.north(), {Fleet::address("far")}) == 0);
}

TEST_CASE("what nobody could see, and what passed, is no failure") {
  Failing fleet;
  auto& record = fleet.bind("east", k_failing);
  CHECK(fleet.holds(fleet.north()) == 0);
  record.look = look(CheckVerdict::inconclusive, minutes(1));
  CHECK(fleet.holds(fleet.north()) == 0);
  record.look.reset();
  CHECK(fleet.holds(fleet.north()) == 0);
}

TEST_CASE("a chain that failed on one carrier is still tried on another") {
  Failing fleet;
  fleet.quarantine("east");
  CHECK(fleet.holds(fleet.far()) == 0);
  // The other carrier's own failure counts there, and there alone.
  fleet.quarantine("far");
  CHECK(fleet.holds(fleet.far()) == 0);
  fleet.configure("farther", "b");
  CHECK(fleet.holds(Fleet::update(fleet.bindings.back(), k_failing)) == 1);
  CHECK(fleet.holds(fleet.north()) == 1);
}

TEST_CASE("a trunk that is no longer configured, and a record of none, hold nobody") {
  Failing fleet;
  fleet.quarantine("removed");
  CHECK(fleet.holds(fleet.north()) == 0);
}

TEST_CASE("a trunk is not held by its own failure: that is what its quarantine is for") {
  Failing fleet;
  fleet.quarantine("north");
  CHECK(fleet.holds(fleet.north()) == 0);
  fleet.quarantine("east");
  CHECK(fleet.holds(fleet.north()) == 1);
}

TEST_CASE("up to max_failures, of the trunk that is to be bound, may have failed before") {
  Failing fleet;
  fleet.quarantine("east");
  auto change = fleet.north();
  change.binding->rollout.edit().max_failures = 1;
  CHECK(fleet.holds(change) == 0);
  fleet.configure("south");
  fleet.quarantine("south");
  CHECK(fleet.holds(change) == 2);
  // The patience of those that failed is not asked.
  for (auto& binding : fleet.bindings) binding.rollout.edit().max_failures = 5;
  CHECK(fleet.holds(change) == 2);
}

TEST_CASE("whoever goes on after failures is not held") {
  Failing fleet;
  fleet.quarantine("east");
  auto change = fleet.north();
  change.binding->rollout.edit().on_failure = OnFailure::stop;
  CHECK(fleet.holds(change) == 1);
  change.binding->rollout.edit().on_failure = OnFailure::proceed;
  CHECK(fleet.holds(change) == 0);
}

TEST_CASE("whoever has nothing valid left, or not for long, is not held") {
  Failing fleet;
  fleet.quarantine("east");
  auto change = fleet.north();
  REQUIRE(fleet.holds(change) == 1);
  SECTION("no certificate") { change.before = nullptr; }
  SECTION("critical") { change.health = Health::critical; }
  SECTION("expired when it was planned") { change.health = Health::expired; }
  SECTION("expired since the plan was made") { change.effective_expiry = fleet.now - minutes(1); }
  CHECK(fleet.holds(change) == 0);
}

TEST_CASE("a certificate that is merely due holds, and so does one whose end is not known") {
  Failing fleet;
  fleet.quarantine("east");
  auto change = fleet.north();
  change.health = Health::due;
  CHECK(fleet.holds(change) == 1);
  change.effective_expiry.reset();
  CHECK(fleet.holds(change) == 1);
}

TEST_CASE("once a trunk of the carrier serves the chain well at the end of its soak, nobody is held") {
  Failing fleet;
  fleet.quarantine("east");
  auto& serves = fleet.bind("south", k_failing);
  const std::string carrier = GENERATE("a", "b");
  fleet.configure("south", carrier);
  CHECK(fleet.holds(fleet.north()) == 1);
  serves.look->settled = true;
  CHECK(fleet.holds(fleet.north()) == (carrier == "a" ? 0 : 1));
}

TEST_CASE("only writes that say what they bind are held") {
  Failing fleet;
  fleet.quarantine("east");
  auto change = fleet.north();
  SECTION("a no-op") { change.action = Action::no_op; }
  SECTION("one that a gate stops") { change.gate = Gate::source_unreachable; }
  SECTION("a certificate that is still to be issued") { change.after = nullptr; }
  CHECK(fleet.holds(change) == 0);
}
