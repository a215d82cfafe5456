#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "cmd/trunkform/alerting.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/document_output.hpp"
#include "cmd/trunkform/drift_report.hpp"
#include "cmd/trunkform/metrics.hpp"
#include "cmd/trunkform/planning_flow.hpp"
#include "cmd/trunkform/saved_plan.hpp"
#include "cmd/trunkform/usage.hpp"
#include "cmd/trunkform/views/plan_json.hpp"
#include "cmd/trunkform/views/plan_text.hpp"
#include "schemas/codec/plan_codec.hpp"
#include "schemas/codec/sealed_codec.hpp"

namespace trunkform::cli {
namespace {

Result<> check_name(const std::string& name) {
  for (const auto* ending : {".trunk.json", ".trunk", ".trunkvars.json"})
    if (name.ends_with(ending))
      return usage_error(fmt::format("-out={}: a saved plan cannot have this name", name),
                         fmt::format("the next command would read what ends in {} as configuration", ending))
          .hint("choose another name, such as -out=review.trunkplan");
  return {};
}

/// A slip such as `-out=main.trunk.json` must not cost a file, nor make one that the next command would read.
Result<> check_place(World& world, const std::string& name) {
  const auto path = world.folder / name;
  if (name.empty()) return {};
  if (!TRY(world.files.exists(path))) return check_name(name);
  const auto refused = [&](std::string why) {
    return Error(ErrorCode::conflict, fmt::format("-out={} would overwrite what is no saved plan", name),
                 std::move(why))
        .hint("choose another name, such as -out=review.trunkplan, or remove what is there");
  };
  std::error_code unreadable;
  if (!std::filesystem::is_regular_file(path, unreadable)) return refused("there is something else than a file");
  const auto bytes = TRY(world.files.read(path));
  if (bytes.empty()) return {};
  const bool is_encrypted = is_sealed_text(bytes) && is_saved_plan(bytes);
  if (!is_encrypted && !decode_plan(bytes)) return refused("it holds something else, or a damaged plan");
  return {};
}

Result<> save(World& world, Session& session, const std::string& name, Plan& plan) {
  return world.files.replace(world.folder / name, TRY(plan_file(session, plan)), 0600);
}

void show(World& world, const Arguments& arguments, const Reporter& reporter, const Plan& plan) {
  if (arguments.on("json")) {
    world.streams.out << views::plan_json(plan, plan.created) << '\n';
    return;
  }
  views::PlanTextOptions options;
  options.style = reporter.out_style();
  options.now = plan.created;
  options.compactness = arguments.on("concise") ? views::Compactness::changes_only : views::Compactness::full;
  options.partial = is_partial(arguments);
  options.saved_as = arguments.value("out");
  options.advice = world.environment.variable("TRUNKFORM_IN_AUTOMATION").value_or("").empty() ? views::Advice::given
                                                                                              : views::Advice::left_out;
  world.streams.out << views::plan_text(plan, options);
}

/// Also what blocks no action, such as a certificate that is awaited too long.
bool has_errors(const Plan& plan) {
  return std::any_of(plan.changes.begin(), plan.changes.end(),
                     [](const auto& change) { return change.error.has_value(); }) ||
         std::any_of(plan.diagnostics.begin(), plan.diagnostics.end(),
                     [](const auto& diagnostic) { return diagnostic.severity == Severity::error; });
}

ExitCode exit_code(const Plan& plan, const Arguments& arguments) {
  const auto counts = count(plan, plan.created);
  const auto code = has_errors(plan) || counts.errors > 0 ? ExitCode::error : ExitCode::done;
  if (!arguments.on("detailed-exitcode")) return code;
  const bool drifted = plan.refresh_only && std::any_of(plan.changes.begin(), plan.changes.end(),
                                                        [](const auto& change) { return !change.drift.empty(); });
  if (drifted) return combine(code, ExitCode::changes);
  const bool outputs_change = std::any_of(plan.outputs.begin(), plan.outputs.end(),
                                          [](const auto& output) { return output.action != Action::no_op; });
  const bool only_deferred = counts.deferred > 0 && counts.deferred == counts.create + counts.update &&
                             counts.adopt + counts.forget + counts.remove + counts.held_back == 0 && !outputs_change;
  if (only_deferred) return combine(code, ExitCode::deferred);
  return counts.changes() || counts.held_back > 0 || outputs_change ? combine(code, ExitCode::changes) : code;
}

ExitCode run_plan(World& world, const Arguments& arguments) {
  Reporter reporter(world, arguments.on("no-color"), arguments.on("json") ? Output::json : Output::human);
  Session session(world, arguments);
  Frame frame{world, arguments, session, reporter};
  std::vector<Diagnostic> warnings;
  session.read_state_ahead();
  const auto loaded = load_for_document(frame, warnings);
  if (!loaded) return reporter.fail(loaded.error());
  if (!*loaded) return ExitCode::error;
  if (arguments.on("destroy") && arguments.on("refresh-only")) {
    return reporter.fail(usage_error("-refresh-only does not go with -destroy",
                                     "the one plans no writes, the other plans to forget everything")
                             .hint("leave one of the two out"));
  }
  if (const auto free = check_place(world, arguments.value("out")); !free) return reporter.fail(free.error());
  for (auto& unusable : unusable_notifiers(world, session))
    report_into(frame, warnings, {Severity::warning, std::move(unusable)});
  Metrics metrics(world, session, "plan", Heartbeat::no);
  PlanningOptions options;
  options.mode = arguments.on("destroy") ? diff::Mode::destroy : diff::Mode::apply;
  options.refresh_only = arguments.on("refresh-only");
  auto run = make_planned_run(session, arguments, options, world.clock.now());
  if (!run) {
    const auto code = reporter.fail(run.error());
    for (const auto& warning : metrics.finish(code)) reporter.warn(warning);
    return code;
  }
  if (options.refresh_only) add_drift(run->plan, run->gathered);
  metrics.on_plan(run->plan, is_partial(arguments) ? views::Seen::some : views::Seen::all);
  if (const auto& name = arguments.value("out"); !name.empty())
    if (const auto saved = save(world, session, name, run->plan); !saved) return reporter.fail(saved.error());
  for (auto& warning : warnings) run->plan.diagnostics.push_back(std::move(warning));
  const auto code = exit_code(run->plan, arguments);
  for (auto& warning : metrics.finish(code)) run->plan.diagnostics.push_back({Severity::warning, std::move(warning)});
  show(world, arguments, reporter, run->plan);
  // With -json they are in the document.
  if (!arguments.on("json")) report_plan_errors(run->plan, reporter);
  world.leave(std::move(*run));
  return code;
}

}  // namespace

Command plan_command() {
  return {
      {"plan"},
      "show what apply would do, and save it for review",
      "Reads the live trunks, the state and every certificate source; writes nothing but the file of -out. Takes no "
      "lock.\nExit code: 0, or 1 where an address cannot be planned; with -detailed-exitcode 2 for changes and 4 where "
      "all of them are deferred.",
      flags::join({{{"out", FlagKind::value, "save the plan for `trunkform apply FILE`", "FILE"},
                    {"detailed-exitcode", FlagKind::toggle, "2 when there are changes, 4 when all are deferred"},
                    {"destroy", FlagKind::toggle, "plan to forget every binding"},
                    {"refresh-only", FlagKind::toggle,
                     "report drift, plan no writes; -detailed-exitcode: 2 where there is drift"},
                    {"probe", FlagKind::toggle, "ask every SIP TLS port what it serves"},
                    {"retry", FlagKind::toggle, "bind quarantined certificates again"},
                    {"ignore-window", FlagKind::toggle, "do not wait for maintenance windows"},
                    {"concise", FlagKind::toggle, "of a change only the trunk, the reason and the time"},
                    flags::parallelism("certificate sources and probes at a time")},
                   {flags::json(),
                    flags::no_color(),
                    flags::input(),
                    {"lock", FlagKind::toggle, "accepted for habit: a plan takes no lock", {}, "true"},
                    {"lock-timeout", FlagKind::value, "accepted for habit: a plan takes no lock", "DURATION", "0s",
                     FlagForm::duration}},
                   flags::variables(),
                   flags::selection()}),
      {},
      run_plan};
}

}  // namespace trunkform::cli
