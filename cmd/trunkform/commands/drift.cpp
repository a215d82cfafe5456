#include <ostream>

#include <fmt/format.h>

#include "cmd/trunkform/alerting.hpp"
#include "cmd/trunkform/alike_errors.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/document_output.hpp"
#include "cmd/trunkform/drift_report.hpp"
#include "cmd/trunkform/metrics.hpp"
#include "cmd/trunkform/planning_flow.hpp"
#include "cmd/trunkform/views/certificate_json.hpp"
#include "cmd/trunkform/views/reason_text.hpp"

namespace trunkform::cli {
namespace {

constexpr std::size_t k_unmanaged_shown = 10;

std::string_view verdict_of(const DriftRow& row) {
  if (row.is_changing) return "changing";
  if (row.has_drifted()) return "drifted";
  return row.is_unknown ? "unknown" : "in_sync";
}

void write_drift_row(codec::JsonWriter& out, const DriftRow& row) {
  const auto& change = *row.change;
  out.begin_object();
  out.member("address", std::string_view(to_string(change.address)));
  out.member("trunk_id", std::string_view(row.record->trunk_id.value));
  out.member("trunk_name", std::string_view(change.trunk_name.empty() ? row.record->trunk_name : change.trunk_name));
  out.member("verdict", verdict_of(row));
  out.key("drift");
  out.begin_array();
  for (const auto& item : row.items) {
    out.begin_object();
    out.member("kind", std::string_view(item.kind));
    out.member("message", std::string_view(item.message));
    out.end_object();
  }
  out.end_array();
  out.member("evidence", to_string(change.evidence));
  out.member("health", to_string(change.health));
  if (change.effective_expiry) out.member("effective_expiry", *change.effective_expiry);
  out.key("recorded");
  views::write_chain_facts(out, row.record->chain.get());
  out.key("live");
  views::write_chain_facts(out, change.evidence == Evidence::state ? nullptr : change.before.get());
  out.end_object();
}

void write_drift_summary(codec::JsonWriter& out, const DriftSummary& summary) {
  out.key("summary");
  out.begin_object();
  out.member("trunks", summary.trunks);
  out.member("managed", summary.managed);
  out.member("unmanaged", summary.unmanaged);
  out.member("missing", summary.missing);
  out.member("drifted", summary.drifted);
  out.member("unknown", summary.unknown);
  out.member("changing", summary.changing);
  out.member("due", summary.due);
  out.member("not_applied", summary.not_applied);
  out.member("coverage", summary.coverage());
  out.end_object();
}

std::string drift_json(Frame& frame, const PlannedRun& run, const DriftReport& report,
                       const std::vector<Diagnostic>& diagnostics) {
  codec::JsonWriter out;
  out.begin_object();
  out.member("format_version", "1.0");
  out.member("timestamp", run.plan.created);
  out.key("organisation");
  out.begin_object();
  out.member("id", std::string_view(run.gathered.organisation.id));
  out.member("name", std::string_view(run.gathered.organisation.name));
  out.end_object();
  write_drift_summary(out, report.summary);
  out.key("resources");
  out.begin_array();
  for (const auto& row : report.rows) write_drift_row(out, row);
  out.end_array();
  out.key("unmanaged");
  out.begin_array();
  for (const auto* trunk : report.unmanaged) {
    out.begin_object();
    out.member("trunk_id", std::string_view(trunk->id.value));
    out.member("trunk_name", std::string_view(trunk->name));
    out.key("certificate");
    views::write_chain_facts(out, trunk->certificate.chain.get());
    out.end_object();
  }
  out.end_array();
  write_diagnostics(out, diagnostics, frame.session.files());
  out.end_object();
  return out.take();
}

std::string health_text(const DriftRow& row, Instant now) {
  // Calls see what is served: where that ends first, it is what the health is about.
  const auto& live = row.change->effective_expiry;
  if (row.served_ends && (!live || *row.served_ends < *live))
    return fmt::format("{}: what the port serves ends {}", to_string(row.change->health),
                       views::expiry_text(*row.served_ends, now));
  return fmt::format("{}: ends {}", to_string(row.change->health),
                     live ? views::expiry_text(*live, now) : std::string("unknown"));
}

void print_rows(Frame& frame, const DriftReport& report, Instant now) {
  auto& out = frame.world.streams.out;
  const auto& style = frame.reporter.out_style();
  if (report.summary.drifted > 0) out << "Note: Objects have changed outside of trunkform\n\n";
  for (const auto& row : report.rows) {
    if (!row.has_drifted()) continue;
    out << style.bold(fmt::format("# {} ", views::escape_foreign(to_string(row.change->address))))
        << style.yellow(row.is_missing ? "is missing" : "has drifted") << '\n';
    for (const auto& item : row.items) out << "    " << views::escape_foreign(item.message) << '\n';
    if (row.is_due()) out << "    " << health_text(row, now) << '\n';
    out << '\n';
  }
  if (report.summary.due == 0) return;
  out << "Due, which is no drift (trunkform plan says what is next):\n";
  for (const auto& row : report.rows)
    if (row.is_due())
      out << fmt::format("    {}  {}\n", views::escape_foreign(to_string(row.change->address)), health_text(row, now));
  out << '\n';
}

std::string plural(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

void print_summary(Frame& frame, const DriftReport& report) {
  const auto& summary = report.summary;
  auto& out = frame.world.streams.out;
  const auto& style = frame.reporter.out_style();
  out << fmt::format("Found {}, {} % covered:\n", plural(summary.trunks, "trunk", "trunks"), summary.coverage());
  const auto line = [&](std::size_t count, std::string_view what) { out << fmt::format("  {:>5} {}\n", count, what); };
  line(summary.managed, "managed by this state");
  line(summary.unmanaged, "not managed");
  line(summary.missing, "missing: in the state, and gone");
  line(summary.drifted, "drifted");
  if (summary.unknown > 0) line(summary.unknown, "unknown: nobody can see the certificate");
  if (summary.changing > 0) line(summary.changing, "being changed now, and not judged");
  if (summary.not_applied > 0) line(summary.not_applied, "configured, and not applied yet");
  std::size_t shown = 0;
  for (const auto* trunk : report.unmanaged) {
    if (shown == 0) out << "Not managed:\n";
    if (shown++ == k_unmanaged_shown) {
      out << fmt::format("    and {} more: trunkform inventory lists all\n",
                         report.unmanaged.size() - k_unmanaged_shown);
      break;
    }
    out << "    " << views::escape_foreign(trunk->name) << "  " << style.faint(views::escape_foreign(trunk->id.value))
        << '\n';
  }
  if (summary.drifted > 0)
    out << style.yellow(fmt::format("\nDrift: {}. ", plural(summary.drifted, "address", "addresses")))
        << "`trunkform plan` shows what apply would do about it.\n";
  else if (summary.unknown == 0 && report.errors.empty())
    out << style.green("\nNo drift.") << " Every managed trunk has the certificate that the state recorded.\n";
}

/// What watches over the fleet while nobody looks: told before the report is written, so that it is in it what failed.
struct Watch {
  Alerting alerting;
  Metrics metrics;

  explicit Watch(Frame& frame)
      : alerting(frame.world, frame.session), metrics(frame.world, frame.session, "drift", Heartbeat::yes) {}

  std::vector<Error> close(ExitCode code) {
    auto warnings = alerting.close();
    for (auto& warning : metrics.finish(code)) warnings.push_back(std::move(warning));
    return warnings;
  }
};

Result<PlannedRun> look(Frame& frame, Watch& watch, Instant now) {
  PlanningOptions options;
  options.refresh_only = true;
  options.service_failed = [&](const Error& why) { watch.alerting.service_failed(why); };
  auto run = make_planned_run(frame.session, frame.arguments, options, now);
  if (run) {
    // What a run does that is at work, or was a moment ago, is that run's to alert of, and half of it would be told as
    // the end of a problem.
    if (!run->gathered.was_beside_a_run()) watch.alerting.on_plan(run->plan, alerts::Coverage::whole);
    watch.metrics.on_plan(run->plan, views::Seen::all);
    return run;
  }
  for (const auto& warning : watch.close(exit_code_of(run.error()))) frame.reporter.warn(warning);
  return run;
}

Result<ExitCode> drift(Frame& frame) {
  std::vector<Diagnostic> diagnostics;
  frame.session.read_state_ahead();
  if (!TRY(load_for_document(frame, diagnostics))) return ExitCode::error;
  const auto now = frame.world.clock.now();
  Watch watch(frame);
  for (auto& warning : watch.alerting.open()) report_into(frame, diagnostics, {Severity::warning, std::move(warning)});
  const auto run = TRY(look(frame, watch, now));
  const auto report = drift_report(run.plan, run.gathered);
  for (const auto& diagnostic : run.gathered.diagnostics) report_into(frame, diagnostics, diagnostic);
  if (!frame.arguments.on("json") && !report.is_elsewhere) {
    print_rows(frame, report, now);
    print_summary(frame, report);
  }
  // A document has one for each address; people read what is alike once.
  for (const auto& error : frame.arguments.on("json") ? report.errors : folded(report.errors))
    report_into(frame, diagnostics, {Severity::error, error});
  auto code = report.errors.empty() ? ExitCode::done : ExitCode::error;
  if (report.summary.drifted > 0) code = combine(code, ExitCode::changes);
  for (auto& warning : watch.close(code)) report_into(frame, diagnostics, {Severity::warning, std::move(warning)});
  if (frame.arguments.on("json")) frame.world.streams.out << drift_json(frame, run, report, diagnostics) << '\n';
  return code;
}

}  // namespace

Command drift_command() {
  return {{"drift"},
          "what changed outside since the last apply; read-only, takes no lock",
          "Holds every trunk against what the state recorded. A certificate that is due is mentioned; it is no drift.\n"
          "Exit code: 0 no drift, 2 drift, 1 where an address could not be judged.",
          flags::join({{{"probe", FlagKind::toggle, "ask every SIP TLS port what it serves"},
                        flags::parallelism("certificate sources and probes at a time")},
                       {flags::json(), flags::no_color()},
                       flags::variables()}),
          {},
          framed(drift)};
}

}  // namespace trunkform::cli
