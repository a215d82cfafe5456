#include "cmd/trunkform/views/metrics_text.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;
using namespace trunkform::views;
using namespace std::chrono_literals;

namespace {

const Instant k_now = parse_rfc3339("2026-11-24T12:00:00Z").value();

RunMetrics run(const std::string& command, ExitCode code = ExitCode::done, Instant now = k_now) {
  RunMetrics metrics;
  metrics.command = command;
  metrics.code = code;
  metrics.now = now;
  return metrics;
}

bool has(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("a file has one HELP and TYPE line a family, escaped labels, and ends in a line break") {
  auto metrics = run("apply");
  metrics.seen = Seen::all;
  metrics.trunks = {{R"(t.a["x"])", "Carrier \"A\" \\ East\n2", k_now + 36h, Health::due}};
  metrics.changed = 2;
  metrics.requests = 11;
  CHECK(
      metrics_text(metrics, {}) ==
      R"(# HELP trunkform_certificate_expiry_timestamp_seconds When the certificate on the trunk ends, as a Unix time: the least notAfter of its path.
# TYPE trunkform_certificate_expiry_timestamp_seconds gauge
trunkform_certificate_expiry_timestamp_seconds{address="t.a[\"x\"]",trunk="Carrier \"A\" \\ East\n2"} 1795651200
# HELP trunkform_certificate_days_left Days until then, at the time of the last run.
# TYPE trunkform_certificate_days_left gauge
trunkform_certificate_days_left{address="t.a[\"x\"]",trunk="Carrier \"A\" \\ East\n2"} 1.50
# HELP trunkform_trunk_health 1 for the health that the last run found: healthy, due, critical, expired, rule_violated, unknown.
# TYPE trunkform_trunk_health gauge
trunkform_trunk_health{address="t.a[\"x\"]",trunk="Carrier \"A\" \\ East\n2",health="due"} 1
# HELP trunkform_last_run_timestamp_seconds When the command last ended.
# TYPE trunkform_last_run_timestamp_seconds gauge
trunkform_last_run_timestamp_seconds{command="apply"} 1795521600
# HELP trunkform_last_success_timestamp_seconds When the command last ended well: a job that no longer runs alerts nobody, this does.
# TYPE trunkform_last_success_timestamp_seconds gauge
trunkform_last_success_timestamp_seconds{command="apply"} 1795521600
# HELP trunkform_last_run_exit_code Exit code of that last run.
# TYPE trunkform_last_run_exit_code gauge
trunkform_last_run_exit_code{command="apply"} 0
# HELP trunkform_trunk_changes_total Trunks by what came of their change: changed, failed, rolled_back, deferred.
# TYPE trunkform_trunk_changes_total counter
trunkform_trunk_changes_total{result="changed"} 2
trunkform_trunk_changes_total{result="deferred"} 0
trunkform_trunk_changes_total{result="failed"} 0
trunkform_trunk_changes_total{result="rolled_back"} 0
# HELP trunkform_api_requests_total Requests to the service, repetitions included.
# TYPE trunkform_api_requests_total counter
trunkform_api_requests_total 11
)");
}

TEST_CASE("a failed run moves the last run, and leaves the last success where it was") {
  const auto first = metrics_text(run("apply"), {});
  const auto second = metrics_text(run("apply", ExitCode::error, k_now + 1h), first);
  CHECK(has(second, "trunkform_last_run_timestamp_seconds{command=\"apply\"} 1795525200"));
  CHECK(has(second, "trunkform_last_success_timestamp_seconds{command=\"apply\"} 1795521600"));
  CHECK(has(second, "trunkform_last_run_exit_code{command=\"apply\"} 1"));
}

TEST_CASE("each command has times of its own, and counters go on over runs") {
  auto apply = run("apply");
  apply.changed = 3;
  apply.requests = 10;
  const auto first = metrics_text(apply, {});
  auto drift = run("drift", ExitCode::changes, k_now + 1h);
  drift.requests = 5;
  const auto second = metrics_text(drift, first);
  CHECK(has(second, "trunkform_last_success_timestamp_seconds{command=\"apply\"} 1795521600"));
  CHECK(has(second, "trunkform_last_success_timestamp_seconds{command=\"drift\"} 1795525200"));
  CHECK(has(second, "trunkform_trunk_changes_total{result=\"changed\"} 3"));
  CHECK(has(second, "trunkform_api_requests_total 15"));
}

TEST_CASE(
    "a run that sees no trunk keeps the earlier lines, with days counted anew; one that sees some replaces those") {
  auto both = run("drift");
  both.seen = Seen::all;
  both.trunks = {{"t.a", "A", k_now + 48h, Health::healthy}, {"t.b", "B", k_now + 24h, Health::healthy}};
  const auto first = metrics_text(both, {});
  const auto blind = metrics_text(run("drift", ExitCode::error, k_now + 24h), first);
  CHECK(has(blind, "trunkform_certificate_days_left{address=\"t.a\",trunk=\"A\"} 1"));
  auto some = run("apply");
  some.seen = Seen::some;
  some.trunks = {{"t.a", "A renamed", k_now + 96h, Health::healthy}};
  const auto part = metrics_text(some, first);
  CHECK(part.find("trunk=\"A\"") == std::string::npos);
  CHECK(has(part, "trunkform_certificate_days_left{address=\"t.a\",trunk=\"A renamed\"} 4"));
  CHECK(has(part, "trunkform_certificate_days_left{address=\"t.b\",trunk=\"B\"} 1"));
  both.trunks.pop_back();
  CHECK(metrics_text(both, part).find("t.b") == std::string::npos);
}

TEST_CASE("what is not ours in the earlier file is dropped, and odd names survive a second run") {
  auto odd = run("drift");
  odd.seen = Seen::all;
  odd.trunks = {{R"(t.a["{x} \ \" 7"])", "} 9", k_now + 24h, Health::healthy}};
  const auto first = metrics_text(odd, "other_metric{a=\"b\"} 1\ntrunkform_api_requests_total NaNsense\n\xff\xfe\n");
  CHECK(first.find("other_metric") == std::string::npos);
  auto blind = run("drift");
  const auto again = metrics_text(blind, first);
  CHECK(again == first);
  auto some = odd;
  some.seen = Seen::some;
  CHECK(metrics_text(some, first) == first);
}

TEST_CASE("what is issued has its end, its renewal and its open request, and keeps its last failure") {
  auto apply = run("apply");
  apply.seen = Seen::all;
  apply.issued = {{"certificate.issued.a", k_now + 48h, k_now + 24h, k_now - 1h, k_now, true},
                  {"certificate.issued.b", std::nullopt, std::nullopt}};
  apply.issues_failed = 1;
  const auto first = metrics_text(apply, {});
  CHECK(has(first, "trunkform_issued_expiry_timestamp_seconds{address=\"certificate.issued.a\"} 1795694400"));
  CHECK(has(first, "trunkform_issued_renewal_timestamp_seconds{address=\"certificate.issued.a\"} 1795608000"));
  CHECK(has(first, "trunkform_issued_last_success_timestamp_seconds{address=\"certificate.issued.a\"} 1795518000"));
  CHECK(has(first, "trunkform_issued_last_failure_timestamp_seconds{address=\"certificate.issued.a\"} 1795521600"));
  CHECK(has(first, "trunkform_issued_open_since_timestamp_seconds{address=\"certificate.issued.a\"} 1795521600"));
  CHECK(has(first, "trunkform_issues_total{result=\"failed\"} 1"));
  CHECK(first.find("address=\"certificate.issued.b\"") == std::string::npos);

  apply.now = k_now + 1h;
  apply.issued[0] = {"certificate.issued.a", k_now + 96h, std::nullopt, k_now + 1h};
  apply.issues_failed = 0;
  apply.issues_done = 1;
  const auto second = metrics_text(apply, first);
  CHECK(has(second, "trunkform_issued_expiry_timestamp_seconds{address=\"certificate.issued.a\"} 1795867200"));
  CHECK(second.find("trunkform_issued_renewal") == std::string::npos);
  CHECK(second.find("trunkform_issued_open_since") == std::string::npos);
  CHECK(has(second, "trunkform_issued_last_failure_timestamp_seconds{address=\"certificate.issued.a\"} 1795521600"));
  CHECK(has(second, "trunkform_issues_total{result=\"failed\"} 1"));
  CHECK(has(second, "trunkform_issues_total{result=\"issued\"} 1"));

  // A part says nothing of the rest; a whole that does not have it any more forgets it.
  auto part = run("apply");
  part.seen = Seen::some;
  CHECK(metrics_text(part, second).find("certificate.issued.a") != std::string::npos);
  part.seen = Seen::all;
  CHECK(metrics_text(part, second).find("certificate.issued.a") == std::string::npos);
}
