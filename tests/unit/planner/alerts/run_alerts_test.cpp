#include "planner/alerts/run_alerts.hpp"

#include "tests/unit/planner/alerts/scope.hpp"

using namespace trunkform;
using namespace trunkform::alerts;
using namespace trunkform::alerts::test;

namespace {

struct Run {
  RunAlerts fold;
  explicit Run(std::vector<OpenAlert> open = {}, bool begun = true)
      : fold(scope(), std::move(open), {{to_string(address("east")), "Carrier A East"}}) {
    if (begun) CHECK(on(RunStarted{"apply", 1, ""}).empty());
  }
  std::vector<Alert> on(EventBody body) {
    Event event;
    event.time = k_now;
    event.plan = "plan-digest";
    event.body = std::move(body);
    Fingerprint head;
    head.bytes[0] = 7;
    return fold.on_event(event, head);
  }
  std::vector<Alert> outcome(OutcomeKind kind, const std::string& message = "because") {
    Outcome outcome;
    outcome.address = address("east");
    outcome.kind = kind;
    outcome.message = message;
    return on(std::move(outcome));
  }
};

}  // namespace

TEST_CASE("each bad outcome is told at once, with trunk, cause, command, plan and the log's head") {
  for (const auto kind : {OutcomeKind::failed, OutcomeKind::not_committed, OutcomeKind::foreign}) {
    Run run;
    const auto alerts = run.outcome(kind, "the wire does not show it");
    REQUIRE(kinds(alerts) == "failed");
    CHECK(alerts[0].summary.find("trunk \"Carrier A East\": ") == 0);
    CHECK(alerts[0].detail == "the wire does not show it");
    CHECK(alerts[0].hint.find("trunkform plan") != std::string::npos);
    CHECK(alerts[0].plan == "plan-digest");
    CHECK(alerts[0].run == "run-1");
    REQUIRE(alerts[0].log_head);
    CHECK(alerts[0].log_head->bytes[0] == 7);
  }
}

TEST_CASE("failed, rolled back and stopped: one incident of the trunk, one of the run") {
  Run run;
  const auto failed = run.outcome(OutcomeKind::failed), back = run.outcome(OutcomeKind::rolled_back, "no intermediate");
  REQUIRE(kinds(back) == "rolled_back");
  CHECK(back[0].dedup_key == failed[0].dedup_key);
  const auto end = run.on(RunFinished{0, 1, 0, true});
  REQUIRE(kinds(end) == "stopped");
  CHECK(end[0].address.empty());
  CHECK(end[0].detail == "trunk \"Carrier A East\": no intermediate");
}

TEST_CASE("failed, then committed: the same key, resolved") {
  Run run;
  const auto failed = run.outcome(OutcomeKind::failed);
  const auto mended = run.outcome(OutcomeKind::committed);
  REQUIRE(kinds(mended) == "recovered(change)");
  CHECK(mended[0].dedup_key == failed[0].dedup_key);
  CHECK(run.outcome(OutcomeKind::committed).empty());
}

TEST_CASE("a commit ends what earlier runs told of the trunk, once for each problem") {
  Run run({open_alert(AlertKind::rolled_back, "east"), open_alert(AlertKind::rolled_back, "east", "notify.email.ops"),
           open_alert(AlertKind::overdue, "east"), open_alert(AlertKind::drifted, "west")});
  CHECK(kinds(run.outcome(OutcomeKind::committed)) == "recovered(change), recovered(expiry)");
}

TEST_CASE("nobody is told of a commit when nothing was wrong") { CHECK(Run().outcome(OutcomeKind::committed).empty()); }

TEST_CASE("what recovery finishes is a notice, and what it finds undone is left to the plan") {
  Run run({}, false);
  const auto alerts = run.outcome(OutcomeKind::committed, "an interrupted run had bound it; verified now");
  REQUIRE(kinds(alerts) == "recovered");
  CHECK_FALSE(alerts[0].resolved);
  CHECK(run.outcome(OutcomeKind::not_committed).empty());
}

TEST_CASE("a deferred change says until when, and a run without failures ends an earlier stop") {
  Run run({open_alert(AlertKind::stopped, "")});
  const auto alerts = run.on(Deferred{address("east"), k_now + std::chrono::hours(24)});
  REQUIRE(kinds(alerts) == "deferred");
  CHECK(alerts[0].severity == AlertSeverity::info);
  CHECK(alerts[0].summary.find("2026-11-25T12:00:00Z") != std::string::npos);
  CHECK(kinds(run.on(RunFinished{1, 0, 1, false})) == "recovered(run)");
}

TEST_CASE("an address that failed before its first event is told at the end, others not twice") {
  Run run;
  (void)run.outcome(OutcomeKind::failed);
  const auto alerts = run.fold.left_alone({{to_string(address("east")), Error(ErrorCode::rejected, "x")},
                                           {to_string(address("west")), Error(ErrorCode::conflict, "stale_live")}},
                                          k_now);
  REQUIRE(kinds(alerts) == "failed");
  CHECK(alerts[0].address == to_string(address("west")));
  CHECK(alerts[0].detail == "stale_live");
}
