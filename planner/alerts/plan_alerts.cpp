#include "planner/alerts/plan_alerts.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace trunkform::alerts {
namespace {

bool is_urgent(Health health) { return health == Health::critical || health == Health::expired; }

/// `ends 2026-12-01, in 4 days`, or `ended …`.
std::string end_of(const PlannedChange& change, Instant now) {
  if (!change.effective_expiry) return "its end is not known";
  const auto end = *change.effective_expiry;
  return end > now ? fmt::format("it ends {}, in {}", to_rfc3339(end), to_words(end - now))
                   : fmt::format("it ended {}, {} ago", to_rfc3339(end), to_words(now - end));
}

std::string explained(const PlannedChange& change) { return change.error ? to_line(*change.error) : std::string(); }

std::string first_hint(const PlannedChange& change, const char* otherwise) {
  return change.error && !change.error->hints.empty() ? change.error->hints.front() : otherwise;
}

/// As the plan says it beside the time.
std::string why_deferred(const PlannedChange& change) {
  for (const auto& note : change.notes)
    if (note.starts_with(k_deferred_note)) return note.substr(k_deferred_note.size());
  return "trunkform plan says why";
}

class PlanFold {
 public:
  PlanFold(const AlertScope& scope, const PlanView& view) : m_scope(scope), m_view(view) {}

  std::vector<Alert> run() {
    for (const auto& issue : m_view.plan.issues) {
      m_issues.emplace(issue.request.address, &issue);
      if (issue.error) cannot_be_issued(issue);
    }
    for (const auto& change : m_view.plan.changes) {
      m_change = &change;
      m_address = to_string(change.address);
      m_changes.emplace(m_address, &change);
      expiry();
      drift();
      quarantine();
      schedule();
    }
    for (const auto& open : m_view.open) recover(open);
    return std::move(m_alerts);
  }

 private:
  const AlertScope& m_scope;
  const PlanView& m_view;
  std::vector<Alert> m_alerts;
  std::map<std::string, const PlannedChange*> m_changes;
  std::map<std::string, const PlannedIssue*> m_issues;
  const PlannedChange* m_change = nullptr;
  std::string m_address;

  void raise(AlertKind kind, AlertSeverity severity, std::string what, std::string detail, std::string hint) {
    m_alerts.push_back(make_alert(
        m_scope, kind, severity, m_address, m_change->trunk_name,
        {name_of(m_address, m_change->trunk_name) + ": " + std::move(what), std::move(detail), std::move(hint)},
        m_view.now));
  }

  void cannot_be_issued(const PlannedIssue& issue) {
    const auto& error = *issue.error;
    m_alerts.push_back(make_alert(m_scope, AlertKind::failed, AlertSeverity::error, issue.request.address, {},
                                  {issue.request.address + ": the certificate cannot be issued", to_line(error),
                                   error.hints.empty() ? "see why: trunkform plan" : error.hints.front()},
                                  m_view.now));
  }

  bool is_deferred() const {
    if (!m_change->writes() || !m_change->not_before) return false;
    const auto patience = std::max(m_view.wait, m_change->binding->rollout->stagger);
    return *m_change->not_before > m_view.now + patience;
  }

  /// A run that is about to bind a new certificate needs no alarm, unless it waits past the end of the old one.
  bool is_about_to_be_mended() const {
    if (!m_change->writes()) return false;
    return !is_deferred() || (m_change->effective_expiry && *m_change->not_before < *m_change->effective_expiry);
  }

  void expiry() {
    const auto health = m_change->health;
    if (health != Health::due && !is_urgent(health)) return;
    const auto end = end_of(*m_change, m_view.now);
    const auto severity = health == Health::expired ? AlertSeverity::critical : AlertSeverity::error;
    if (m_change->awaiting_source) {
      const auto* hint = "renew the certificate where its source reads it, then run: trunkform apply";
      if (is_urgent(health))
        raise(AlertKind::overdue, severity, "the certificate is overdue, and its source offers no newer one", end,
              hint);
      else
        raise(AlertKind::awaiting_source, AlertSeverity::warning,
              "the certificate is due, and its source still offers the same", end, hint);
    } else if (is_urgent(health) && !is_about_to_be_mended()) {
      const auto why = explained(*m_change);
      raise(AlertKind::expiring, severity,
            health == Health::expired ? "the certificate has expired" : "the certificate is about to expire",
            why.empty() ? end : end + "; " + why, first_hint(*m_change, "bind the newer one: trunkform apply"));
    } else if (health == Health::due && m_change->gate != Gate::none && m_change->gate != Gate::quarantined) {
      raise(AlertKind::expiring, AlertSeverity::warning, "the certificate is due, and cannot be changed",
            end + "; " + explained(*m_change), first_hint(*m_change, "see why: trunkform plan"));
    }
  }

  void drift() {
    std::string what;
    for (const auto& item : m_change->drift) what += (what.empty() ? "" : "; ") + item.message;
    if (what.empty() && m_change->gate == Gate::reverted_outside) what = explained(*m_change);
    if (what.empty()) return;
    raise(AlertKind::drifted, AlertSeverity::warning, "something was changed outside of trunkform", what,
          "see what apply would do about it: trunkform plan");
  }

  void quarantine() {
    if (m_change->gate != Gate::quarantined) return;
    raise(AlertKind::quarantined, AlertSeverity::error,
          "the offered certificate failed on this trunk, or was rolled back from it, and is not tried again",
          explained(*m_change), "offer another chain, or insist: trunkform apply -retry");
  }

  void schedule() {
    if (!is_deferred()) return;
    const bool lapses = m_change->effective_expiry && *m_change->effective_expiry <= *m_change->not_before;
    raise(AlertKind::deferred, lapses ? AlertSeverity::error : AlertSeverity::info,
          fmt::format("the change waits until {}", to_rfc3339(*m_change->not_before)),
          why_deferred(*m_change) + (lapses ? "; the certificate ends before that" : ""), k_what_is_waited_for);
  }

  bool is_raised(const std::string& key) const {
    return std::any_of(m_alerts.begin(), m_alerts.end(),
                       [&](const Alert& alert) { return !alert.resolved && alert.dedup_key == key; });
  }

  /// Whether the plan shows that the problem is over; what it does not show stays open.
  static bool is_over(AlertProblem problem, const PlannedChange& change) {
    const bool seen = change.evidence == Evidence::api || change.evidence == Evidence::wire;
    switch (problem) {
      case AlertProblem::expiry:
        return seen && (change.health == Health::healthy || change.health == Health::rule_violated);
      case AlertProblem::drift:
        return seen && change.gate == Gate::none;
      case AlertProblem::change:
        // What failed and is bound all the same is the plan's error: that nothing better is offered mends nothing.
        return seen && change.cause == Cause::not_due && change.gate == Gate::none && !change.error &&
               change.relation == Relation::same && change.health == Health::healthy;
      case AlertProblem::schedule:
        return seen && change.cause == Cause::not_due && change.gate == Gate::none;
      case AlertProblem::run:
      case AlertProblem::service:
        break;
    }
    return false;
  }

  void recover(const OpenAlert& open) {
    if (is_raised(open.dedup_key)) return;
    if (open.problem == AlertProblem::service) {
      if (open.dedup_key == dedup_key(m_scope, {}, AlertProblem::service))
        m_alerts.push_back(make_recovery(m_scope, open, {"the service answers again", {}, {}}, m_view.now));
      return;
    }
    if (open.problem == AlertProblem::run) return;
    if (const auto issue = m_issues.find(open.address); issue != m_issues.end()) {
      if (!issue->second->error && !issue->second->issues())
        m_alerts.push_back(make_recovery(
            m_scope, open, {open.address + ": the store has the certificate that is wanted", {}, {}}, m_view.now));
      return;
    }
    const auto found = m_changes.find(open.address);
    if (found == m_changes.end()) {
      if (m_view.coverage == Coverage::whole)
        m_alerts.push_back(make_recovery(
            m_scope, open, {fmt::format("{}: is no longer looked after", name_of(open.address, open.trunk)), {}, {}},
            m_view.now));
      return;
    }
    if (!is_over(open.problem, *found->second)) return;
    m_alerts.push_back(make_recovery(
        m_scope, open, {fmt::format("{}: {} is over", name_of(open.address, open.trunk), to_string(open.kind)), {}, {}},
        m_view.now));
  }
};

}  // namespace

std::vector<Alert> plan_alerts(const AlertScope& scope, const PlanView& view) { return PlanFold(scope, view).run(); }

Alert service_alert(const AlertScope& scope, const Error& why, Instant now) {
  AlertText text{"the service could not be asked, so no trunk was looked at", to_line(why),
                 why.hints.empty() ? "find out why, then run: trunkform plan" : why.hints.front()};
  return make_alert(scope, AlertKind::service_unreachable, AlertSeverity::critical, {}, {}, std::move(text), now);
}

}  // namespace trunkform::alerts
