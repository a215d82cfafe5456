#include "cmd/engine/late_warnings.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "planner/diff/issued.hpp"
#include "planner/schedule/late_bind.hpp"
#include "planner/schedule/threshold.hpp"
#include "planner/schedule/window_fit.hpp"

namespace trunkform::engine {
namespace {

/// Trunks with one reason are told once, by the first of them.
struct Late {
  const PlannedChange* first = nullptr;
  std::size_t others = 0;
  std::string what;
  std::string why;
  std::string hint;
};
using LateByReason = std::map<std::pair<std::string, std::string>, Late>;  ///< by certificate and reason

Error error_of(const std::string& certificate, const Late& late) {
  const auto others =
      late.others == 0 ? "" : fmt::format(" and {} other trunk{}", late.others, late.others == 1 ? "" : "s");
  return Error(ErrorCode::conflict,
               fmt::format("{} for {}{}: {}", certificate, to_string(late.first->address), others, late.what), late.why)
      .of(certificate)
      .hint(late.hint);
}

Late never(const PlannedChange& change, Duration lives) {
  return {&change, 0,
          change.before == nullptr ? "it can never be bound" : "it can be bound only when what is live there has ended",
          fmt::format("it lives {}, and has to be {} old first (rotate.min_age)", to_words(lives),
                      to_words(change.binding->rotate->min_age)),
          fmt::format("set rotate.min_age far below {}: the default is 1h", to_words(lives))};
}

Late at_the_end(const PlannedChange& change, const schedule::LateBind& bind) {
  return {
      &change, 0,
      bind.at >= bind.ends
          ? "it comes only as what is live there ends, on " + to_rfc3339(bind.ends)
          : fmt::format("it comes not before {}, {} before what is live there ends",
                        to_rfc3339(std::chrono::ceil<std::chrono::seconds>(bind.at)), to_words(bind.ends - bind.at)),
      bind.cause, "shorten what holds it, or let it be renewed earlier: rotate.before_expiry and rotate.lifetime_left"};
}

Late ends_first(const PlannedChange& change, Duration lives) {
  return {&change, 0, "it would end before what is live there, and be issued without being bound",
          fmt::format("it lives {}, and what is live ends {} (older_than_live)", to_words(lives),
                      to_rfc3339(*change.effective_expiry)),
          "if shorter lifetimes are meant from now on: \"rotate\": { \"shorter\": \"allow\" }"};
}

class LateBinds {
 public:
  LateBinds(const Plan& plan, const schedule::SoaksLeft& before, Instant now)
      : m_plan(plan), m_now(now), m_turns(schedule::turns(plan.changes, plan.waves, now, before)) {
    for (const auto& issue : plan.issues)
      if (!issue.error) m_issues.emplace(issue.request.address, &issue);
  }

  LateByReason find() {
    for (const auto& change : m_plan.changes) {
      if (change.gate != Gate::none || !change.binding) continue;
      if (const auto issue = m_issues.find(change.binding->certificate); issue != m_issues.end())
        if (auto late = look(change, *issue->second)) add(*late);
    }
    return std::move(m_found);
  }

 private:
  const Plan& m_plan;
  Instant m_now;
  std::map<Address, Instant> m_turns;
  std::map<std::string_view, const PlannedIssue*> m_issues;
  LateByReason m_found;

  std::optional<Late> look(const PlannedChange& change, const PlannedIssue& issue) const {
    const bool is_without = change.before == nullptr;
    if (!is_without && (!change.effective_expiry || *change.effective_expiry <= m_now)) return std::nullopt;
    const auto policy = policy_of(change);
    const auto stored = lifetime_of(issue.before, issue);
    const auto lives = longest_life(stored, issue);
    if (lives && schedule::never_old_enough(*lives, policy)) return never(change, *lives);
    if (is_without) return std::nullopt;
    const auto to_come = issue.request.lifetime ? issue.request.lifetime : stored;
    if (to_come && diff::is_to_come(change) && diff::keeps_what_ends_later(change) &&
        m_now + *to_come < *change.effective_expiry)
      return ends_first(change, *to_come);
    const auto late = schedule::late_bind(next_of(change, issue, policy));
    return late ? std::optional(at_the_end(change, *late)) : std::nullopt;
  }

  /// Of what the store has, as far as it says something of the next one: not where another issuer signs that.
  static std::optional<Duration> lifetime_of(const ChainPtr& stored, const PlannedIssue& issue) {
    if (stored == nullptr || (issue.issues() && issue.other_issuer)) return std::nullopt;
    return stored->lifetime();
  }

  /// None: nobody knows. What is asked for may be cut as the one before was, or be asked for only since: the longer of
  /// the two counts, so that nothing is called too short that may not be.
  static std::optional<Duration> longest_life(const std::optional<Duration>& stored, const PlannedIssue& issue) {
    const auto& asked = issue.request.lifetime;
    if (!stored) return asked;
    return issue.issues() && asked ? std::max(*stored, *asked) : stored;
  }

  void add(const Late& late) {
    const std::pair reason(late.first->binding->certificate, late.why);
    const auto [at, is_new] = m_found.try_emplace(reason, late);
    if (!is_new) ++at->second.others;
  }

  /// A key that others know is replaced at any age.
  static RotatePolicy policy_of(const PlannedChange& change) {
    RotatePolicy policy = change.binding->rotate;
    if (change.writes() && change.binding->replace_compromised && change.before != nullptr)
      policy.min_age = Duration::zero();
    return policy;
  }

  schedule::NextBind next_of(const PlannedChange& change, const PlannedIssue& issue, const RotatePolicy& policy) const {
    schedule::NextBind next{.policy = policy};
    next.windows = m_plan.ignore_window ? schedule::WindowRule::ignore : schedule::WindowRule::honour;
    next.ends = *change.effective_expiry;
    next.lifetime = change.before->lifetime();
    next.begins = begins(change, issue);
    next.wanted = std::max(m_now, next.begins);
    if (change.writes()) {
      next.wanted = m_now;
      next.held_until = change.not_before;
      for (const auto& note : change.notes)
        if (note.starts_with(k_deferred_note)) next.held_by = note.substr(k_deferred_note.size());
      if (const auto turn = m_turns.find(change.address); turn != m_turns.end()) next.turn = turn->second;
    } else if (policy.when == RotateWhen::due) {
      next.wanted = std::max(next.wanted, schedule::due_at(next.lifetime, next.ends, policy));
    }
    return next;
  }

  /// What is in the store and not on the trunk; else what is issued now, or when it becomes due.
  Instant begins(const PlannedChange& change, const PlannedIssue& issue) const {
    if (change.after != nullptr) return change.after->leaf().not_before;
    if (issue.issues()) return m_now;
    const bool is_waiting = issue.before != nullptr && issue.before->identity.leaf != change.before->identity.leaf;
    if (is_waiting) return issue.before->leaf().not_before;
    return std::max(m_now, issue.renews_on.value_or(m_now));
  }
};

}  // namespace

void warn_of_late_binds(Plan& plan, const schedule::SoaksLeft& before, Instant now) {
  for (const auto& [reason, late] : LateBinds(plan, before, now).find())
    plan.diagnostics.push_back({Severity::warning, error_of(reason.first, late)});
}

}  // namespace trunkform::engine
