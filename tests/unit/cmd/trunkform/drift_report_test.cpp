#include "cmd/trunkform/drift_report.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace trunkform;
using cli::DriftReport;

Address address_of(const std::string& name) { return {{}, "genesys_trunk_certificate", name, {}}; }

ChainPtr chain(std::uint8_t seed, std::uint8_t order = 0) {
  auto facts = std::make_shared<CertificateFacts>();
  facts->fingerprint.bytes.fill(seed);
  auto made = std::make_shared<ChainFacts>();
  made->identity.leaf = facts->fingerprint;
  made->identity.chain.bytes.fill(static_cast<std::uint8_t>(seed + order));
  made->certificates = {facts};
  return made;
}

/// One address `a` of the state on trunk `t`, with chain 1, which the API shows.
struct Fleet {
  Plan plan;
  engine::Gathered gathered;

  Fleet() {
    ResourceRecord record;
    record.address = address_of("a");
    record.trunk_id = {"t"};
    record.trunk_name = "East";
    record.chain = chain(1);
    gathered.state.emplace();
    gathered.state->document.resources.emplace(record.address, record);
    gathered.trunks.push_back({{"t"}, "East", "1", "active", Sighting::of(chain(1))});
    PlannedChange change;
    change.address = record.address;
    change.binding.emplace();
    change.trunk_id = record.trunk_id;
    change.evidence = Evidence::api;
    change.health = Health::healthy;
    change.before = chain(1);
    plan.changes.push_back(change);
  }
  PlannedChange& change() { return plan.changes.front(); }
  ResourceRecord& record() { return gathered.state->document.resources.at(address_of("a")); }
  DriftReport report() const { return cli::drift_report(plan, gathered); }
};

}  // namespace

TEST_CASE("a trunk with what was recorded is in sync, and due is no drift") {
  Fleet fleet;
  fleet.change().health = Health::due;
  const auto report = fleet.report();
  CHECK(report.errors.empty());
  CHECK(report.summary.drifted == 0);
  CHECK(report.summary.due == 1);
  CHECK(report.summary.managed == 1);
  CHECK(report.summary.coverage() == 100);
}

TEST_CASE("what the diff calls drift is counted once an address") {
  Fleet fleet;
  fleet.change().drift = {{Drift::Kind::certificate, "live is another"}, {Drift::Kind::trunk_renamed, "renamed"}};
  const auto report = fleet.report();
  CHECK(report.summary.drifted == 1);
  CHECK(report.rows.front().items.size() == 2);
  CHECK(report.summary.missing == 0);
}

TEST_CASE("a trunk that is gone is missing and drifted, and no longer covered") {
  Fleet fleet;
  fleet.gathered.trunks = {{{"u"}, "West", "1", "active", Sighting::of(chain(2))}};
  fleet.change().drift = {{Drift::Kind::trunk_missing, "gone"}};
  const auto report = fleet.report();
  CHECK(report.summary.missing == 1);
  CHECK(report.summary.drifted == 1);
  CHECK(report.summary.unmanaged == 1);
  CHECK(report.summary.coverage() == 0);
}

TEST_CASE("a binding that was removed from the configuration is judged too") {
  Fleet fleet;
  fleet.change().binding.reset();
  CHECK(fleet.report().summary.drifted == 0);
  fleet.gathered.trunks.front().certificate = Sighting::of(chain(7));
  CHECK(fleet.report().summary.drifted == 1);
  fleet.gathered.trunks.front().certificate = Sighting::nothing();
  CHECK(fleet.report().summary.drifted == 1);
  fleet.gathered.trunks.clear();
  CHECK(fleet.report().summary.missing == 1);
}

TEST_CASE("a chain that the service gives back in its own way is as recorded") {
  Fleet fleet;
  fleet.change().binding.reset();
  fleet.record().as_read = chain(1, 5)->identity;
  fleet.gathered.trunks.front().certificate = Sighting::of(chain(1, 5));
  CHECK(fleet.report().summary.drifted == 0);
  fleet.gathered.trunks.front().certificate = Sighting::of(chain(1, 6));
  CHECK(fleet.report().summary.drifted == 1);
}

TEST_CASE("a port that serves another leaf than the API shows is drift") {
  Fleet fleet;
  fleet.gathered.served.emplace(TrunkId{"t"}, Sighting::of(chain(9)));
  const auto report = fleet.report();
  REQUIRE(report.summary.drifted == 1);
  CHECK(report.rows.front().items.front().kind == "served");
  fleet.gathered.served.clear();
  fleet.gathered.served.emplace(TrunkId{"t"}, Sighting::unclear("nothing answered"));
  CHECK(fleet.report().summary.drifted == 0);
}

TEST_CASE("what nobody saw is unknown and an error, never in sync") {
  Fleet fleet;
  fleet.change().evidence = Evidence::state;
  const auto report = fleet.report();
  CHECK(report.summary.unknown == 1);
  CHECK(report.summary.drifted == 0);
  REQUIRE(report.errors.size() == 1);
  CHECK(report.errors.front().address == "genesys_trunk_certificate.a");
}

TEST_CASE("the wrong organisation is an error, not a fleet of missing trunks") {
  Fleet fleet;
  fleet.change().gate = Gate::wrong_organisation;
  fleet.change().error = Error(ErrorCode::conflict, "another organisation");
  fleet.change().drift = {{Drift::Kind::trunk_missing, "gone"}};
  const auto report = fleet.report();
  CHECK(report.errors.size() == 1);
  CHECK(report.summary.missing == 0);
}

TEST_CASE("a gate on the next write is nothing that changed outside") {
  Fleet fleet;
  fleet.change().gate = Gate::rule_failed;
  fleet.change().error = Error(ErrorCode::invalid_input, "a rule");
  CHECK(fleet.report().errors.empty());
}

TEST_CASE("a binding without a record is not applied yet, and its trunk is not managed") {
  Fleet fleet;
  fleet.gathered.state.reset();
  const auto report = fleet.report();
  CHECK(report.summary.not_applied == 1);
  CHECK(report.summary.unmanaged == 1);
  CHECK(report.rows.empty());
}

TEST_CASE("an organisation without trunks is covered") { CHECK(cli::DriftSummary().coverage() == 100); }
