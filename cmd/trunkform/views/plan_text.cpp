#include "cmd/trunkform/views/plan_text.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "cmd/trunkform/views/certificate_rows.hpp"
#include "cmd/trunkform/views/issue_text.hpp"
#include "cmd/trunkform/views/reason_text.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::views {
namespace {

class PlanWriter {
 public:
  PlanWriter(const Plan& plan, const PlanTextOptions& options)
      : m_plan(plan), m_options(options), m_style(options.style), m_counts(count(plan, options.now)) {}

  std::string write() {
    drift();
    for (const auto& issue : m_plan.issues) {
      m_out += issue_text(issue, m_options.now, m_style);
      if (issue.cause == IssueCause::none && !issue.notes.empty()) m_said = Said::notes;
    }
    for (const auto& leftover : m_plan.leftovers) m_out += leftover_text(leftover, m_style);
    if (!m_plan.leftovers.empty()) m_said = Said::notes;
    for (const auto& change : m_plan.changes)
      if (change.gate == Gate::none && change.action != Action::no_op) this->change(change);
    attention();
    outputs();
    summary();
    return std::move(m_out);
  }

 private:
  const Plan& m_plan;
  const PlanTextOptions& m_options;
  const TextStyle& m_style;
  PlanCounts m_counts;
  enum class Said { nothing, notes, warnings } m_said = Said::nothing;  ///< of what stays as it is
  std::string m_out;
  std::map<std::pair<Identity, Identity>, const PlannedChange*>
      m_shown;  ///< where a change of certificate stands in full

  template <class... Parts>
  void line(fmt::format_string<Parts...> format, Parts&&... parts) {
    m_out += fmt::format(format, std::forward<Parts>(parts)...);
    m_out += '\n';
  }
  void blank() { m_out += '\n'; }

  std::size_t drifted() const {
    return static_cast<std::size_t>(
        std::count_if(m_plan.changes.begin(), m_plan.changes.end(), [](const auto& c) { return !c.drift.empty(); }));
  }

  void drift() {
    if (drifted() == 0) return;
    line("{}\n", m_style.bold("Note: Objects have changed outside of trunkform"));
    for (const auto& change : m_plan.changes)
      for (const auto& drift : change.drift)
        line("  {} {}: {}", m_style.yellow("~"), to_string(change.address), escape_foreign(drift.message));
    blank();
  }

  void change(const PlannedChange& change) {
    line("  {}", m_style.bold(fmt::format("# {} {}", to_string(change.address), what_happens(change))));
    if (m_options.compactness == Compactness::full) {
      details(change);
    } else {
      in_short(change);
      for (const auto& text : change.notes)
        if (is_fatal(text)) note(text);
    }
    blank();
  }

  static std::string what_happens(const PlannedChange& change) {
    if (change.held_back) return "is held back";
    switch (change.action) {
      case Action::create:
        return "will be created";
      case Action::update:
        return "will be updated in-place";
      case Action::remove:
        return "will be destroyed";
      case Action::forget:
        return "will be forgotten";
      case Action::adopt:
        return "will be adopted";
      case Action::no_op:
        break;
    }
    return "stays as it is";
  }

  std::string symbol(const PlannedChange& change) const {
    switch (change.action) {
      case Action::create:
        return m_style.green("+");
      case Action::update:
        return m_style.yellow("~");
      case Action::remove:
        return m_style.red("-");
      case Action::forget:
        return m_style.faint(".");
      case Action::adopt:
        return m_style.cyan("=");
      case Action::no_op:
        break;
    }
    return " ";
  }

  /// Which trunk, why and when: what is left of a change with -concise.
  void in_short(const PlannedChange& change) {
    if (!change.trunk_name.empty() || change.trunk_id)
      line("  {} trunk     {}{}", symbol(change), escape_foreign(change.trunk_name),
           change.trunk_id ? m_style.faint(fmt::format("  {}", escape_foreign(change.trunk_id->value))) : "");
    line("    reason    {}", reason_text(change, m_options.now));
    if (change.held_back)
      line(
          "    {}   the chain failed on this carrier before or was rolled back, and is not tried here without `apply "
          "-retry`",
          m_style.yellow("warning"));
    if (change.writes()) timing(change);
  }

  void details(const PlannedChange& change) {
    const auto& style = m_style;
    in_short(change);
    certificates(change);
    if (change.awaiting_source) awaiting_source(change);
    for (const auto& note : change.notes) this->note(note);
    for (const auto& finding : change.findings)
      if (finding.verdict == Verdict::warn)
        line("    {}   {} {}", style.yellow("warning"), escape_foreign(finding.message),
             style.faint(fmt::format("({}, {})", finding.rule, finding.clause)));
  }

  /// The same change of certificate on many trunks is shown once in full.
  void certificates(const PlannedChange& change) {
    const auto& style = m_style;
    const auto identity_of = [](const ChainPtr& chain) { return chain ? chain->identity : Identity{}; };
    const auto [first, is_first] =
        m_shown.try_emplace({identity_of(change.before), identity_of(change.after)}, &change);
    if (change.writes() && change.after == nullptr) return certificate_to_come(change);
    for (const auto& row : certificate_rows(change.before.get(), change.after.get(), m_options.now))
      if (is_first || row.label == "leaf")
        line("    {} {}{}", fit(row.label, 9), row.text(style),
             is_first ? "" : style.faint(fmt::format("  as for {}", to_string(first->second->address))));
    if (!change.writes() || !change.binding) return;
    const auto& shown = first->second->binding;
    if (is_first || !shown || shown->locator != change.binding->locator || change.cause == Cause::changed)
      line("    source    {}{}", escape_foreign(source_text(*change.binding)),
           style.faint(fmt::format("  ({})", to_string(change.capability))));
  }

  /// What is issued on the way has no fingerprint yet.
  void certificate_to_come(const PlannedChange& change) {
    const auto live = change.before ? to_short(change.before->leaf().fingerprint) + " → " : std::string();
    line("    leaf      {}(known after apply)", live);
    if (change.before)
      line("    ends      {} → (known after apply)", expiry_text(change.before->leaf().not_after, m_options.now));
    if (change.binding) line("    source    {}, which this plan issues", change.binding->certificate);
    if (change.meanwhile == nullptr) return;
    const auto& leaf = change.meanwhile->leaf();
    line("    else      {} of the store, ends {}: bound where nothing is issued", to_short(leaf.fingerprint),
         expiry_text(leaf.not_after, m_options.now));
  }

  /// What would make the apply fail is never left out.
  static bool is_fatal(const std::string& text) { return text.starts_with(k_key_warning); }

  /// Notes of the planner that are warnings say so themselves.
  void note(const std::string& text) {
    constexpr std::string_view k_warning = "warning: ";
    if (text.starts_with(k_deferred_note)) return;  // stands beside the time
    if (text.starts_with(k_warning)) {
      m_said = Said::warnings;
      line("    {}   {}", m_style.yellow("warning"), escape_foreign(text.substr(k_warning.size())));
    } else
      line("    note      {}", escape_foreign(text));
  }

  void awaiting_source(const PlannedChange& change) {
    note(fmt::format("warning: awaiting_source: live ends {}{}, and the source still offers the same certificate{}",
                     change.effective_expiry ? expiry_text(*change.effective_expiry, m_options.now) : "soon",
                     change.rotates_on ? fmt::format(", was due on {}", to_date(*change.rotates_on)) : "",
                     change.binding ? "; renew it there: " + source_text(*change.binding) : ""));
  }

  static std::string why_deferred(const PlannedChange& change) {
    for (const auto& note : change.notes)
      if (note.starts_with(k_deferred_note)) return ": " + escape_foreign(note.substr(k_deferred_note.size()));
    return {};
  }

  void timing(const PlannedChange& change) {
    const bool waits = change.not_before && *change.not_before > m_options.now;
    if (waits)
      line("    when      not before {} (in {}){}",
           to_rfc3339(std::chrono::ceil<std::chrono::seconds>(*change.not_before)),
           to_words(*change.not_before - m_options.now), why_deferred(change));
    // Where nothing waits and it is simply the end of the live certificate, the row `ends` has it.
    const bool is_told = !waits && change.before != nullptr && change.deadline == change.before->leaf().not_after;
    if (change.deadline && !is_told) line("    deadline  {}", expiry_text(*change.deadline, m_options.now));
  }

  static bool wants_attention(const PlannedChange& change) {
    if (change.gate != Gate::none || change.action != Action::no_op) return false;
    return change.awaiting_source || !change.notes.empty() || change.health != Health::healthy;
  }

  /// What stays as it is but wants somebody's eyes.
  void attention() {
    for (const auto& change : m_plan.changes) {
      if (!wants_attention(change)) continue;
      if (m_said == Said::nothing) m_said = Said::notes;
      if (change.health != Health::healthy) m_said = Said::warnings;
      const auto health =
          change.health == Health::healthy ? std::string() : ": " + m_style.yellow(to_string(change.health));
      line("  {}{}", m_style.bold(fmt::format("# {} stays as it is", to_string(change.address))), health);
      if (change.awaiting_source) awaiting_source(change);
      for (const auto& text : change.notes) note(text);
      blank();
    }
  }

  std::string addresses() const {
    const auto number = m_plan.changes.size() + m_plan.issues.size();
    return number == 1 ? std::string("1 address") : fmt::format("{} addresses", number);
  }

  void outputs() {
    const bool any = std::any_of(m_plan.outputs.begin(), m_plan.outputs.end(),
                                 [](const auto& output) { return output.action != Action::no_op; });
    if (!any) return;
    line("Changes to Outputs:");
    for (const auto& output : m_plan.outputs) {
      if (output.action == Action::no_op) continue;
      const auto* sign = output.action == Action::create ? "+" : output.action == Action::remove ? "-" : "~";
      line("  {} {} = {}", sign, output.name, output.sensitive ? "(sensitive value)" : escape_foreign(output.json));
    }
    blank();
  }

  void summary() {
    const bool outputs_change = std::any_of(m_plan.outputs.begin(), m_plan.outputs.end(),
                                            [](const auto& output) { return output.action != Action::no_op; });
    if (!m_counts.changes() && !outputs_change && m_counts.held_back == 0) {
      if (m_plan.refresh_only)
        refreshed();
      else if (m_plan.destroy && m_plan.changes.empty())
        line("{} The state has no trunk: there is nothing to forget.", m_style.green("No changes."));
      else if (m_counts.errors > 0)
        line("{} {} of {} {} an error; see below.", m_style.red("Nothing can be done now."), m_counts.errors,
             addresses(), m_counts.errors == 1 ? "has" : "have");
      else
        line("{} {}", m_style.green("No changes."),
             m_said == Said::warnings ? "There is nothing to bind now, but see the warnings above."
             : m_said == Said::notes  ? "Nothing is due; see the notes above."
             : m_options.partial      ? "Every trunk that -target and -exclude leave has the certificate that the "
                                        "configuration calls for; the others were not looked at."
                                      : "Every trunk has the certificate that the configuration calls for.");
      return;
    }
    line("{} {} to add, {} to change, {} to destroy.", m_style.bold("Plan:"), m_counts.create, m_counts.update,
         m_counts.remove);
    if (m_counts.issue > 0)
      line("      {} to be issued first{}.", counted(m_counts.issue, "certificate"), waits_for_age());
    if (m_counts.adopt > 0) line("      {} to adopt: the state alone is written.", m_counts.adopt);
    if (m_counts.forget > 0) line("      {} to forget: the state alone is written.", m_counts.forget);
    if (m_counts.deferred > 0) line("      {} of them deferred: not before the times above.", m_counts.deferred);
    const auto blocked = static_cast<std::size_t>(
        std::count_if(m_plan.changes.begin(), m_plan.changes.end(),
                      [](const auto& change) { return change.gate != Gate::none; }) +
        std::count_if(m_plan.issues.begin(), m_plan.issues.end(), [](const auto& issue) { return !!issue.error; }));
    if (m_counts.held_back > 0)
      line("      {} held back, and counted nowhere above: see the warning about the chain that failed.",
           m_counts.held_back);
    if (blocked > 0) line("      {} with an error, see below; the rest can be applied.", blocked);
    if (m_counts.errors > blocked) line("      {} counted above with an error, see below.", m_counts.errors - blocked);
    timetable();
    advice();
  }

  /// Who approves should know that the trunks may not follow in the same run.
  std::string waits_for_age() const {
    Duration longest{};
    for (const auto& change : m_plan.changes)
      if (change.writes() && change.after == nullptr && change.before != nullptr)
        longest = std::max(longest, change.binding->rotate->min_age);
    if (longest == Duration::zero()) return {};
    return fmt::format("; a trunk waits until its new one is {} old (rotate.min_age)", to_string(longest));
  }

  /// Of `-refresh-only`: whether anything changed, and never that all is well.
  void refreshed() {
    if (drifted() > 0)
      line("{} `trunkform plan` shows what apply would do about it.",
           m_style.yellow(fmt::format("Drift: {} address{}.", drifted(), drifted() == 1 ? "" : "es")));
    else if (m_counts.errors > 0 || std::any_of(m_plan.diagnostics.begin(), m_plan.diagnostics.end(),
                                                [](const auto& item) { return item.severity == Severity::error; }))
      line("No drift was seen, but not every address could be judged.");
    else
      line("{} No trunk was changed outside of trunkform. Nothing is planned.", m_style.green("No changes."));
    if (m_counts.errors > 0) line("{} of {} with an error; see below.", m_counts.errors, addresses());
  }

  void timetable() {
    if (m_plan.waves.empty()) return;
    blank();
    const auto duration = m_plan.estimate > Duration::zero() ? ", about " + to_words(m_plan.estimate) : std::string();
    line("Rollout: {} in {} wave{}, {} API requests{}.", trunks(m_counts.create + m_counts.update), m_plan.waves.size(),
         m_plan.waves.size() == 1 ? "" : "s", m_plan.requests, duration);
    std::size_t shown = 0;
    for (const auto& wave : m_plan.waves) {
      if (++shown > 12) {
        line("  … and {}", counted(m_plan.waves.size() - 12, "more wave"));
        break;
      }
      line("  {:>2}. carrier {}: {}{}{}", shown, wave.carrier.empty() ? "(none)" : wave.carrier,
           trunks(wave.addresses.size()), wave.canary ? " as canary" : "", pauses(wave));
    }
  }

  static std::string pauses(const Wave& wave) {
    std::string text;
    if (wave.addresses.size() > 1 && wave.max_parallel > 1) text += fmt::format(", {} at a time", wave.max_parallel);
    if (wave.addresses.size() > 1 && wave.stagger > Duration::zero())
      text += fmt::format(", {} between trunks", to_string(wave.stagger));
    if (wave.soak > Duration::zero()) text += fmt::format(", then soak {}", to_string(wave.soak));
    return text;
  }

  static std::string trunks(std::size_t number) { return counted(number, "trunk"); }

  void advice() {
    const bool given = m_options.advice == Advice::given;
    if (!m_options.saved_as.empty()) {
      line("\nSaved the plan to: {}", m_options.saved_as);
      if (given)
        line("To carry out exactly these actions, run:\n    trunkform apply {}",
             shell_double_quoted(m_options.saved_as));
    } else if (given) {
      line("\nNote: you did not use -out, so `trunkform {}` will plan again before it changes anything.",
           m_plan.destroy ? "destroy" : "apply");
    }
  }
};

}  // namespace

std::string plan_text(const Plan& plan, const PlanTextOptions& options) { return PlanWriter(plan, options).write(); }

}  // namespace trunkform::views
