#include "cmd/trunkform/views/apply_json.hpp"

#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "cmd/trunkform/views/apply_view.hpp"
#include "cmd/trunkform/views/diagnostic_json.hpp"

namespace trunkform::views {
namespace {

/// Terraform's type for an event, where it has one; else our own word.
std::string_view ui_type(const Event& event) {
  if (std::holds_alternative<Intent>(event.body)) return "apply_start";
  if (const auto* outcome = std::get_if<Outcome>(&event.body))
    return outcome->kind == OutcomeKind::committed ? "apply_complete" : "apply_errored";
  return kind_of(event.body);
}

}  // namespace

void ApplyJson::use(const Plan& plan) {
  for (const auto& change : plan.changes)
    if (change.action != Action::no_op) m_actions.emplace(change.address, change.action);
}

void ApplyJson::on_event(const Event& event) {
  const auto text = event_text(event, TextStyle());
  if (text.empty()) return;
  const auto type = ui_type(event);
  codec::JsonWriter out;
  begin_ui_line(out, type == "apply_errored" ? "error" : "info", text, type, event.time);
  out.member("sequence", event.sequence);
  out.member("run", std::string_view(event.run));
  if (const auto* address = address_of(event.body)) {
    out.key("hook");
    out.begin_object();
    out.key("resource");
    out.begin_object();
    out.member("addr", std::string_view(to_string(*address)));
    out.member("resource_type", std::string_view(address->type));
    out.member("resource_name", std::string_view(address->name));
    out.end_object();
    const auto planned = m_actions.find(*address);
    out.member("action", to_string(planned == m_actions.end() ? Action::update : planned->second));
    out.end_object();
  }
  if (const auto* address = issue_of(event.body)) out.member("certificate", std::string_view(*address));
  out.end_object();
  m_out << out.take() << '\n' << std::flush;
}

void ApplyJson::summary(const engine::ApplySummary& summary, Instant now) {
  codec::JsonWriter out;
  m_told = Told::yes;
  begin_ui_line(out, "info", summary_headline(summary, m_operation, TextStyle()), "change_summary", now);
  out.key("changes");
  out.begin_object();
  out.member("add", summary.created);
  out.member("change", summary.updated);
  out.member("remove", 0);
  out.member("issued", summary.issuing.issued);
  out.member("issue_pending", summary.issuing.pending);
  out.member("issue_failed", summary.issuing.failed);
  out.member("already", summary.was_there);
  out.member("settled", summary.settled);
  out.member("adopt", summary.adopted);
  out.member("refresh", summary.refreshed);
  out.member("forget", summary.forgotten);
  out.member("failed", summary.failed);
  out.member("rolled_back", summary.rolled_back);
  out.member("stale", summary.stale);
  out.member("deferred", summary.deferred);
  out.member("held", summary.held);
  out.member("not_started", summary.not_started);
  out.member("excluded", summary.excluded);
  out.member("inconclusive",
             static_cast<std::size_t>(std::count_if(summary.outcomes.begin(), summary.outcomes.end(),
                                                    [](const auto& outcome) { return outcome.inconclusive; })));
  out.member("operation", m_operation == Operation::destroy ? "destroy" : "apply");
  out.end_object();
  out.member("stopped", summary.stopped);
  out.member_unless_empty("stop_reason", summary.stop_reason);
  if (!summary.held_behind.empty()) {
    out.key("held_behind");
    out.begin_array();
    for (const auto& [canary, trunks] : summary.held_behind) {
      out.begin_object();
      out.member("addr", std::string_view(to_string(canary)));
      out.member("trunks", trunks);
      out.end_object();
    }
    out.end_array();
  }
  out.end_object();
  m_out << out.take() << '\n' << std::flush;
}

void ApplyJson::summary_of_failure(Instant now) {
  if (m_told == Told::yes) return;
  engine::ApplySummary nothing;
  nothing.errors.emplace_back(ErrorCode::internal, "told before");  // so that nobody calls it complete
  summary(nothing, now);
}

}  // namespace trunkform::views
