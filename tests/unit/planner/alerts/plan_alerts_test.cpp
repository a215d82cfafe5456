#include "planner/alerts/plan_alerts.hpp"

#include "tests/unit/planner/alerts/scope.hpp"

using namespace trunkform;
using namespace trunkform::alerts;
using namespace trunkform::alerts::test;
using namespace std::chrono_literals;

namespace {

/// A healthy trunk that nothing is to be done about.
PlannedChange quiet(const std::string& name) {
  PlannedChange change;
  change.address = address(name);
  change.trunk_name = name;
  change.health = Health::healthy;
  change.relation = Relation::same;
  change.evidence = Evidence::api;
  change.effective_expiry = k_now + 24h * 60;
  change.binding = Binding{};
  change.binding->rollout.edit().stagger = 3min;
  return change;
}

PlannedChange with_health(Health health, Duration left) {
  auto change = quiet("east");
  change.health = health;
  change.effective_expiry = k_now + left;
  return change;
}

std::vector<Alert> alerts_of(const PlannedChange& change, const std::vector<OpenAlert>& open = {},
                             Coverage coverage = Coverage::whole, Duration wait = {}) {
  Plan plan;
  plan.organisation.id = "org-1";
  plan.changes = {change};
  return plan_alerts(scope(), {plan, open, coverage, wait, k_now});
}

}  // namespace

TEST_CASE("a healthy trunk calls for nothing") { CHECK(alerts_of(quiet("east")).empty()); }

TEST_CASE("due with a source that offers nothing newer awaits it, and is overdue once critical") {
  auto change = with_health(Health::due, 24h * 20);
  change.awaiting_source = true;
  auto alerts = alerts_of(change);
  REQUIRE(kinds(alerts) == "awaiting_source");
  CHECK(alerts[0].severity == AlertSeverity::warning);
  CHECK(alerts[0].dedup_key == "org-1/default/genesys_trunk_certificate.east/expiry");
  CHECK(alerts[0].hint.find("trunkform apply") != std::string::npos);
  const auto key = alerts[0].dedup_key;

  change.health = Health::critical;
  alerts = alerts_of(change);
  REQUIRE(kinds(alerts) == "overdue");
  CHECK(alerts[0].severity == AlertSeverity::error);
  CHECK(alerts[0].dedup_key == key);

  change.health = Health::expired;
  change.effective_expiry = k_now - 24h;
  alerts = alerts_of(change);
  REQUIRE(kinds(alerts) == "overdue");
  CHECK(alerts[0].severity == AlertSeverity::critical);
  CHECK(alerts[0].detail == "it ended 2026-11-23T12:00:00Z, 1 day ago");
}

TEST_CASE("a critical trunk that this run changes needs no alarm, unless it waits past the end") {
  auto change = with_health(Health::critical, 24h * 2);
  change.action = Action::update;
  change.cause = Cause::due;
  CHECK(alerts_of(change).empty());
  change.not_before = k_now + 2min;
  CHECK(alerts_of(change).empty());  // a stagger is waited for

  change.not_before = k_now + 24h;
  CHECK(kinds(alerts_of(change)) == "deferred");
  CHECK(alerts_of(change, {}, Coverage::whole, 24h * 2).empty());  // -wait
  change.not_before = k_now + 24h * 3;
  change.notes = {"deferred: the certificate is younger than 3d (rotate.min_age)"};
  const auto alerts = alerts_of(change);
  REQUIRE(kinds(alerts) == "expiring, deferred");
  CHECK(alerts[1].severity == AlertSeverity::error);
  CHECK(alerts[1].detail == "the certificate is younger than 3d (rotate.min_age); the certificate ends before that");
  // Its flag overrides windows alone: an alert of min_age must not send anybody there in vain.
  CHECK(alerts[1].hint.starts_with("only a window can be overridden: "));
}

TEST_CASE("what nobody changes in time is expiring, with the reason that holds it up") {
  auto change = with_health(Health::critical, 24h * 2);
  CHECK(kinds(alerts_of(change)) == "expiring");
  change.health = Health::due;
  CHECK(alerts_of(change).empty());
  change.gate = Gate::source_unreachable;
  change.error = Error(ErrorCode::unavailable, "the source did not answer").hint("look at it");
  const auto alerts = alerts_of(change);
  REQUIRE(kinds(alerts) == "expiring");
  CHECK(alerts[0].severity == AlertSeverity::warning);
  CHECK(alerts[0].detail.find("the source did not answer") != std::string::npos);
  CHECK(alerts[0].hint == "look at it");
}

TEST_CASE("drift and quarantine are told apart from the expiry") {
  auto change = quiet("east");
  change.drift = {{Drift::Kind::certificate, "another certificate"}, {Drift::Kind::status, "its status is down"}};
  auto alerts = alerts_of(change);
  REQUIRE(kinds(alerts) == "drifted");
  CHECK(alerts[0].detail == "another certificate; its status is down");
  change.gate = Gate::quarantined;
  change.error = Error(ErrorCode::conflict, "quarantined");
  alerts = alerts_of(change);
  REQUIRE(kinds(alerts) == "drifted, quarantined");
  CHECK(alerts[0].dedup_key != alerts[1].dedup_key);
}

TEST_CASE("what was told and is no longer so is resolved, once, under the key that opened it") {
  const std::vector<OpenAlert> open{open_alert(AlertKind::overdue, "east"), open_alert(AlertKind::drifted, "east"),
                                    open_alert(AlertKind::rolled_back, "east"),
                                    open_alert(AlertKind::service_unreachable, ""), open_alert(AlertKind::stopped, "")};
  const auto alerts = alerts_of(quiet("east"), open);
  REQUIRE(kinds(alerts) == "recovered(expiry), recovered(drift), recovered(change), recovered(service)");
  CHECK(alerts[0].dedup_key == open[0].dedup_key);
}

TEST_CASE("a problem that is still there is not resolved") {
  auto change = with_health(Health::critical, 24h);
  change.awaiting_source = true;
  CHECK(kinds(alerts_of(change, {open_alert(AlertKind::awaiting_source, "east")})) == "overdue");
  // Failed yesterday, to be bound by this run: the run tells how that ends.
  auto again = quiet("east");
  again.action = Action::update;
  again.cause = Cause::due;
  again.relation = Relation::newer;
  CHECK(alerts_of(again, {open_alert(AlertKind::failed, "east")}).empty());
  // What the source offers stands beside what failed, or comes before it: a change is still wanted.
  auto waits = quiet("east");
  waits.relation = Relation::newer;
  CHECK(alerts_of(waits, {open_alert(AlertKind::failed, "east")}).empty());
  auto barred = quiet("east");
  barred.gate = Gate::live_unknown;
  CHECK(alerts_of(barred, {open_alert(AlertKind::failed, "east")}).empty());
  // It failed and is bound all the same, and its source offers nothing else.
  auto kept = quiet("east");
  kept.error = Error(ErrorCode::rejected, "the certificate that is bound here failed its verification");
  CHECK(alerts_of(kept, {open_alert(AlertKind::failed, "east")}).empty());
  // Nobody sees the trunk: nothing is known to be over.
  auto unseen = quiet("east");
  unseen.evidence = Evidence::state;
  CHECK(alerts_of(unseen, {open_alert(AlertKind::drifted, "east")}).empty());
}

TEST_CASE("an address that is gone ends its problems, where the plan is whole") {
  const std::vector<OpenAlert> open{open_alert(AlertKind::overdue, "west")};
  CHECK(kinds(alerts_of(quiet("east"), open)) == "recovered(expiry)");
  CHECK(alerts_of(quiet("east"), open, Coverage::part).empty());
}

TEST_CASE("a service that does not answer is told with what it said, and its key is the service's") {
  const auto alert = service_alert(scope(), Error(ErrorCode::denied, "401").hint("renew the client's secret"), k_now);
  CHECK(alert.kind == AlertKind::service_unreachable);
  CHECK(alert.severity == AlertSeverity::critical);
  CHECK(alert.detail == "401");
  CHECK(alert.hint == "renew the client's secret");
  CHECK(alert.dedup_key == "https://api.example.com/default/service");
}

TEST_CASE("a key that receivers would cut is a digest") {
  const auto key = dedup_key(scope(), std::string(300, 'x'), AlertProblem::drift);
  CHECK(key.size() == 64 + 6);
  CHECK(key != dedup_key(scope(), std::string(301, 'x'), AlertProblem::drift));
}
