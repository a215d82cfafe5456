#include "planner/alerts/run_alerts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "schemas/model/issuing.hpp"

namespace trunkform::alerts {
namespace {

constexpr const char* k_look = "see what the trunk has now: trunkform plan";

}  // namespace

RunAlerts::RunAlerts(AlertScope scope, std::vector<OpenAlert> open, std::map<std::string, std::string> trunks)
    : m_scope(std::move(scope)), m_open(std::move(open)), m_trunks(std::move(trunks)) {}

bool RunAlerts::concerns(const EventBody& body) {
  return std::holds_alternative<RunStarted>(body) || std::holds_alternative<RunFinished>(body) ||
         std::holds_alternative<Outcome>(body) || std::holds_alternative<Deferred>(body) ||
         std::holds_alternative<Adopted>(body) || std::holds_alternative<IssueEnded>(body) ||
         std::holds_alternative<Forgotten>(body);
}

void RunAlerts::learn(const std::string& organisation, const std::map<std::string, std::string>& trunks) {
  m_scope.organisation = organisation;
  for (const auto& [address, name] : trunks) m_trunks.insert_or_assign(address, name);
}

const std::string& RunAlerts::trunk_of(const std::string& address) const {
  static const std::string k_unknown;
  const auto found = m_trunks.find(address);
  return found == m_trunks.end() ? k_unknown : found->second;
}

Alert RunAlerts::raise(AlertKind kind, AlertSeverity severity, const std::string& address, AlertText text,
                       Instant now) {
  const auto& trunk = trunk_of(address);
  if (!address.empty()) text.summary = name_of(address, trunk) + ": " + text.summary;
  auto alert = make_alert(m_scope, kind, severity, address, trunk, std::move(text), now);
  m_told.insert(address);
  if (kind == AlertKind::recovered) return alert;  // a notice, which has no end
  const auto same = std::find_if(m_open.begin(), m_open.end(),
                                 [&](const OpenAlert& open) { return open.dedup_key == alert.dedup_key; });
  if (same == m_open.end())
    m_open.push_back({{}, alert.dedup_key, kind, alert.problem, severity, address, trunk, now, now});
  else
    same->kind = kind;
  return alert;
}

void RunAlerts::recover(std::vector<Alert>& alerts, const std::string& address,
                        std::initializer_list<AlertProblem> problems, const std::string& how, Instant now) {
  std::set<std::string> keys;
  std::erase_if(m_open, [&](const OpenAlert& open) {
    if (open.address != address || std::find(problems.begin(), problems.end(), open.problem) == problems.end())
      return false;
    // Several places may have been told of one problem.
    if (keys.insert(open.dedup_key).second) {
      const auto name = address.empty() ? std::string() : name_of(address, open.trunk) + ": ";
      alerts.push_back(make_recovery(m_scope, open, {name + how, {}, {}}, now));
    }
    return true;
  });
}

std::vector<Alert> RunAlerts::on_event(const Event& event, const Fingerprint& head) {
  m_scope.log_head = head;
  m_scope.plan = event.plan;
  const auto now = event.time;
  std::vector<Alert> alerts;
  if (const auto* started = std::get_if<RunStarted>(&event.body)) {
    m_recovering = false;
    m_goes_back_by_hand = started->command == "rollback";
  } else if (const auto* outcome = std::get_if<Outcome>(&event.body)) {
    alerts = on_outcome(*outcome, now);
  } else if (const auto* deferred = std::get_if<Deferred>(&event.body)) {
    alerts.push_back(raise(
        AlertKind::deferred, AlertSeverity::info, to_string(deferred->address),
        {fmt::format("the change waits until {}", to_rfc3339(deferred->not_before)), {}, k_what_is_waited_for}, now));
  } else if (const auto* adopted = std::get_if<Adopted>(&event.body)) {
    recover(alerts, to_string(adopted->record.address), {AlertProblem::drift}, "what is on the trunk is recorded now",
            now);
  } else if (const auto* forgotten = std::get_if<Forgotten>(&event.body)) {
    recover(alerts, to_string(forgotten->address),
            {AlertProblem::change, AlertProblem::expiry, AlertProblem::drift, AlertProblem::schedule},
            "is no longer looked after", now);
  } else if (const auto* ended = std::get_if<IssueEnded>(&event.body)) {
    if (ended->issued)
      recover(alerts, ended->address, {AlertProblem::change}, "the certificate is issued and in its store", now);
  } else if (const auto* end = std::get_if<RunFinished>(&event.body)) {
    alerts = on_end(*end, now);
  }
  return alerts;
}

std::vector<Alert> RunAlerts::on_outcome(const Outcome& outcome, Instant now) {
  const auto address = to_string(outcome.address);
  const auto failed = [&](std::string summary) {
    m_last_failure = fmt::format("{}: {}", name_of(address, trunk_of(address)), outcome.message);
    return raise(AlertKind::failed, AlertSeverity::error, address, {std::move(summary), outcome.message, k_look}, now);
  };
  std::vector<Alert> alerts;
  switch (outcome.kind) {
    case OutcomeKind::committed:
      recover(alerts, address,
              {AlertProblem::change, AlertProblem::expiry, AlertProblem::drift, AlertProblem::schedule},
              "the new certificate is bound and verified", now);
      // Nobody was told that it was interrupted; that it was finished is worth a line.
      if (m_recovering)
        alerts.push_back(raise(AlertKind::recovered, AlertSeverity::info, address,
                               {"an interrupted change was finished", outcome.message, {}}, now));
      break;
    case OutcomeKind::not_committed:
      if (m_recovering) break;  // the plan that follows still wants it
      alerts.push_back(failed("the certificate was not changed"));
      break;
    case OutcomeKind::failed:
      alerts.push_back(failed("the certificate was changed, and does not verify"));
      break;
    case OutcomeKind::foreign:
      alerts.push_back(failed("somebody else changed the certificate meanwhile"));
      break;
    case OutcomeKind::rolled_back:
      m_last_failure = fmt::format("{}: {}", name_of(address, trunk_of(address)), outcome.message);
      alerts.push_back(raise(AlertKind::rolled_back, AlertSeverity::error, address,
                             {"the earlier certificate is bound again", outcome.message,
                              "offer another chain, then run: trunkform apply (-retry insists on this one)"},
                             now));
      break;
  }
  return alerts;
}

std::vector<Alert> RunAlerts::on_end(const RunFinished& end, Instant now) {
  std::vector<Alert> alerts;
  // Its one trunk has told its own end, and that a rollout stopped is not mended by it.
  if (m_goes_back_by_hand) return alerts;
  if (end.stopped)
    alerts.push_back(
        raise(AlertKind::stopped, AlertSeverity::error, {},
              {fmt::format("the run stopped: {} changed, {} failed", end.changed, end.failed), m_last_failure,
               "see what happened: trunkform history; then go on: trunkform apply, with the flags of that run"},
              now));
  else if (end.failed == 0)
    recover(alerts, {}, {AlertProblem::run}, "a run went through again", now);
  return alerts;
}

std::vector<Alert> RunAlerts::left_alone(const std::vector<LeftAlone>& addresses, Instant now) {
  std::vector<Alert> alerts;
  for (const auto& [address, error] : addresses) {
    if (m_told.contains(address)) continue;
    alerts.push_back(
        raise(AlertKind::failed, AlertSeverity::error, address,
              {is_issue_address(address) ? "the certificate was not issued" : "the certificate was not changed",
               to_line(error), error.hints.empty() ? k_look : error.hints.front()},
              now));
  }
  return alerts;
}

}  // namespace trunkform::alerts
