#include "cmd/engine/apply.hpp"

#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "cmd/engine/assembly.hpp"
#include "cmd/engine/commit.hpp"
#include "cmd/engine/locking.hpp"
#include "cmd/engine/replacements.hpp"
#include "cmd/trunkform/alerting.hpp"
#include "cmd/trunkform/approval.hpp"
#include "cmd/trunkform/commands/apply_end.hpp"
#include "cmd/trunkform/commands/apply_flags.hpp"
#include "cmd/trunkform/commands/apply_leftovers.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/metrics.hpp"
#include "cmd/trunkform/planning_flow.hpp"
#include "cmd/trunkform/recovered_state.hpp"
#include "cmd/trunkform/saved_plan.hpp"
#include "cmd/trunkform/state_change.hpp"
#include "cmd/trunkform/usage.hpp"
#include "cmd/trunkform/views/apply_json.hpp"
#include "cmd/trunkform/views/apply_view.hpp"
#include "cmd/trunkform/views/plan_text.hpp"
#include "cmd/trunkform/writing_run.hpp"
#include "schemas/codec/plan_codec.hpp"

namespace trunkform::cli {
namespace {

/// One `apply`, from the lock to the last line. Steps return an exit code as soon as the run is over.
class ApplyRun {
 public:
  ApplyRun(World& world, const Arguments& arguments, diff::Mode mode)
      : m_world(world),
        m_arguments(arguments),
        m_mode(mode),
        m_reporter(world, arguments.on("no-color"), arguments.on("json") ? Output::json : Output::human),
        m_session(world, arguments),
        m_alerting(world, m_session),
        m_metrics(world, m_session, mode == diff::Mode::destroy ? "destroy" : "apply",
                  mode == diff::Mode::destroy ? Heartbeat::no : Heartbeat::yes),
        m_json(world.streams.out, mode == diff::Mode::destroy ? views::Operation::destroy : views::Operation::apply) {}

  ExitCode run() {
    if (auto usable = check_flags(); !usable) return m_reporter.fail(usable.error());
    auto result = run_steps();
    const auto code = result ? *result : m_reporter.fail(result.error());
    // The lock is free again: nobody waits for slow receivers of alerts.
    for (const auto& warning : m_alerting.close()) m_reporter.warn(warning);
    for (const auto& warning : m_metrics.finish(code)) m_reporter.warn(warning);
    if (!human()) tell_summary();
    return code;
  }

 private:
  World& m_world;
  const Arguments& m_arguments;
  diff::Mode m_mode;
  Reporter m_reporter;
  Session m_session;
  Alerting m_alerting;
  Metrics m_metrics;
  views::ApplyJson m_json;
  std::optional<engine::ApplySummary> m_summary;  ///< for the last line of -json
  RecoveredState m_state;
  std::set<Address> m_leaving;  ///< all that were found to be rolled back, whoever does it
  std::optional<Plan> m_saved;  ///< of PLANFILE
  ApplyTiming m_timing;

  views::Operation operation() const {
    if (m_saved && m_saved->refresh_only) return views::Operation::refresh;
    return m_mode == diff::Mode::destroy ? views::Operation::destroy : views::Operation::apply;
  }
  bool human() const { return m_reporter.output() == Output::human; }

  /// After all warnings: it is the last line.
  void tell_summary() {
    if (m_summary)
      m_json.summary(*m_summary, m_world.clock.now());
    else
      m_json.summary_of_failure(m_world.clock.now());
  }

  Result<> check_flags() {
    TRY(check_flags_of_plan_file(m_arguments));
    m_timing = TRY(apply_timing(m_arguments, m_world.clock.now()));
    return {};
  }

  Result<ExitCode> run_steps() {
    if (!m_arguments.positionals().empty()) {
      m_saved = TRY(read_plan_file(m_world, m_session, m_arguments.positionals().front()));
      m_session.assume(m_saved->variables);
      m_json.set_operation(operation());
    }
    if (!TRY(load_configuration(m_session, m_reporter))) return ExitCode::error;
    for (const auto& warning : m_alerting.open()) m_reporter.warn(warning);
    auto* backend = TRY(m_session.backend());
    if (m_saved) TRY(check_plan_before_login(*m_saved, m_session));
    auto lock = TRY(take_lock());
    auto code = under_the_lock(*backend, lock);
    const bool was_lost = lock.lost().stop_requested() && m_reporter.had_errors();
    auto released = lock.release();
    if (!code) return code;
    // That it was lost before has been said, with who has it now.
    if (!released && !was_lost) return m_reporter.fail(released.error());
    return code;
  }

  Result<engine::HeldLock> take_lock() {
    if (!m_arguments.on("lock"))
      return usage_error("-lock=false: an apply without the lock is not possible",
                         "every write to the state and the event log is conditional on it")
          .hint("wait for the holder: -lock-timeout=5m");
    Frame frame{m_world, m_arguments, m_session, m_reporter};
    return lock_state(frame, m_mode == diff::Mode::destroy ? "destroy" : "apply");
  }

  Result<ExitCode> under_the_lock(state::Backend& backend, engine::HeldLock& lock) {
    const auto writing = TRY(WritingRun::open(m_world, m_session, backend, lock));
    auto& log = writing->log;
    m_state = TRY(recover_state(m_world, m_session, m_reporter, backend, log));
    m_alerting.follow(log, m_state.snapshot ? m_state.snapshot->document : StateDocument{});
    if (!m_arguments.positionals().empty()) m_reporter.report(m_state.diagnostics);  // a new plan says it itself
    if (backend.pacing) TRY(backend.pacing->leave_what_died(m_session.context()));
    auto plan = TRY(the_plan());
    if (!plan) return ExitCode::error;
    m_alerting.learn(*plan);
    leave_unresolved_alone(m_state, *plan, is_partial(m_arguments), m_reporter);
    m_leaving = keep_own_rollbacks(m_state, *plan);
    const auto counts = count(*plan, m_world.clock.now());
    if (!m_arguments.positionals().empty() || !human()) {
      if (human()) m_reporter.message(fmt::format("Applying the plan of {}.", to_rfc3339(plan->created)));
    } else {
      views::PlanTextOptions options;
      options.style = m_reporter.out_style();
      options.now = plan->created;
      options.advice = views::Advice::left_out;
      options.partial = is_partial(m_arguments);
      m_world.streams.out << views::plan_text(*plan, options);
    }
    report_plan_errors(*plan, m_reporter);
    const auto outputs_change = std::any_of(plan->outputs.begin(), plan->outputs.end(),
                                            [](const auto& output) { return output.action != Action::no_op; });
    tell_rollbacks(m_state, *plan, m_reporter);
    const bool has_soaks = tell_open_soaks(
        engine::soaks_to_see(*plan, m_session.configuration().bindings, schedule::writes_of(plan->changes),
                             m_state.snapshot, m_leaving, m_world.clock.now()),
        m_reporter);
    // Also what cannot be done now stays wanted.
    const bool has_wishes = !engine::replacements_asked(*plan, m_state.snapshot, origin()).empty();
    const auto asks = counts.changes() || outputs_change || !m_state.rollbacks_due.empty() || has_soaks || has_wishes;
    // What is held back is told at the end, and is why it is not exit code 0.
    if (!asks && counts.held_back == 0 && leftovers(*plan).empty() && !engine::has_upkeep(*plan, m_state.snapshot))
      return finish_without_changes(backend, lock, log, *plan);
    if (asks && m_arguments.positionals().empty() && !m_arguments.on("auto-approve")) {
      const auto* question = m_mode == diff::Mode::destroy ? "Do you really want to forget all of these?"
                                                           : "Do you want to perform these actions?";
      if (!m_arguments.on("input")) m_world.streams.in_is = Terminal::no;
      const auto other_way = fmt::format(
          "save a plan, have it reviewed and apply that: trunkform plan {}-out=FILE && trunkform apply FILE",
          m_mode == diff::Mode::destroy ? "-destroy " : "");
      if (!TRY(ask_for_approval(m_world, m_reporter, question, other_way))) {
        m_reporter.message("Apply cancelled; nothing was changed.");
        return ExitCode::error;
      }
    }
    return carry_out(backend, lock, log, *plan);
  }

  engine::PlanOrigin origin() const {
    return m_arguments.positionals().empty() ? engine::PlanOrigin::this_run : engine::PlanOrigin::file;
  }

  /// The reviewed plan, or a new one. None: there were errors, and they were shown.
  Result<std::optional<Plan>> the_plan() {
    if (m_arguments.positionals().empty()) {
      PlanningOptions options;
      options.mode = m_mode;
      options.service_failed = [this](const Error& why) { m_alerting.service_failed(why); };
      auto plan = TRY(make_planned_run(m_session, m_arguments, options, m_world.clock.now())).plan;
      const bool partial = is_partial(m_arguments);
      m_alerting.on_plan(plan, partial ? alerts::Coverage::part : alerts::Coverage::whole, m_timing.wait);
      m_metrics.on_plan(plan, partial ? views::Seen::some : views::Seen::all);
      return std::optional(std::move(plan));
    }
    auto plan = *m_saved;
    auto* api = TRY(m_session.api());
    auto organisation = api->organisation(m_session.context());
    if (!organisation) {
      m_alerting.service_failed(organisation.error());
      return std::move(organisation.error());
    }
    std::vector<Diagnostic> about_clock;
    TRY(engine::check_clock(*api, about_clock));
    m_reporter.report(about_clock);
    TRY(check_plan_as_a_whole(plan, m_state.snapshot, *organisation, m_session.service()));
    plan.organisation = *organisation;  // with its client, which no file keeps
    m_metrics.on_plan(plan, views::Seen::some);
    check_plan_by_address(plan, m_session.configuration());
    refuse_what_others_own(plan, TRY(m_session.owned_elsewhere(plan.organisation)));
    return std::optional(std::move(plan));
  }

  /// Those that the plan has shown, and that are the same still: a plan of a part shows none.
  std::vector<engine::Leftover> leftovers(const Plan& plan) const {
    static const std::vector<IssueRequest> k_none;
    auto left =
        engine::leftovers_of(m_state.snapshot, plan.issues, plan.destroy ? k_none : m_session.configuration().issued);
    std::erase_if(left, [&](const engine::Leftover& one) {
      return std::find(plan.leftovers.begin(), plan.leftovers.end(), engine::shown(one)) == plan.leftovers.end();
    });
    return left;
  }

  static engine::ApplySummary nothing_done(const Plan& plan) {
    engine::ApplySummary summary;
    summary.excluded = static_cast<std::size_t>(std::count_if(
        plan.changes.begin(), plan.changes.end(), [](const auto& change) { return change.error.has_value(); }));
    return summary;
  }

  /// Recovery may have written events all the same.
  Result<ExitCode> finish_without_changes(state::Backend& backend, engine::HeldLock& lock, engine::RunLog& log,
                                          const Plan& plan) {
    if (!log.written().empty())
      TRY(engine::commit_events({*backend.store, backend.ownership.get()}, lock.fence(), m_state.snapshot,
                                m_state.lineage, log, plan.organisation, std::nullopt));
    else
      engine::give_back_unrecorded(backend.ownership.get(), lock.fence(), m_state.snapshot);
    auto summary = nothing_done(plan);
    if (human()) {
      if (m_reporter.had_errors()) summary.excluded = std::max<std::size_t>(summary.excluded, 1);
      m_world.streams.out << '\n' << views::summary_headline(summary, operation(), views::TextStyle()) << '\n';
    } else {
      m_summary = std::move(summary);
    }
    return m_reporter.had_errors() ? ExitCode::error : ExitCode::done;
  }

  Result<ExitCode> carry_out(state::Backend& backend, engine::HeldLock& lock, engine::RunLog& log, Plan& plan) {
    if (plan.digest.empty()) (void)encode_plan(plan);
    log.set_plan(plan.digest);
    auto* api = TRY(m_session.api());
    auto* sources = TRY(m_session.sources());
    m_session.drop_workings();
    engine::KeyRing keys(*sources, m_world.clock);
    if (m_state.snapshot) keys.refuse(m_state.snapshot->document.revoked);
    if (human() && m_arguments.positionals().empty()) m_world.streams.out << '\n';
    views::ApplyView view(m_world.streams.out, m_reporter.out_style(),
                          m_world.streams.out_is == Terminal::yes ? views::LiveLine::on : views::LiveLine::off,
                          m_world.clock, m_world.streams.columns);
    m_json.use(plan);
    if (human())
      log.add_sink(view);
    else
      log.add_sink(m_json);
    engine::ApplyInputs inputs{plan, m_state.snapshot, m_state.lineage, lock.fence(), m_arguments.value("reason"), {}};
    inputs.bindings = &m_session.configuration().bindings;
    inputs.failed = m_state.failed;
    inputs.unverified = m_state.unverified;
    inputs.rollbacks_due = m_state.rollbacks_due;
    inputs.leaving = m_leaving;
    inputs.wait = m_timing.wait;
    inputs.leftovers = leftovers(plan);
    inputs.drive.deadline = m_timing.deadline;
    inputs.drive.parallelism = m_session.parallelism();
    inputs.drive.stop = m_world.stop;
    inputs.drive.abandon = m_world.abandon;
    inputs.drive.lock_lost = lock.lost();
    inputs.origin = origin();
    inputs.retry = m_arguments.on("retry");
    if (human()) inputs.drive.progress = [&view](const rollout::Rollout& machine) { view.on_progress(machine); };
    Context context;
    context.stop = m_world.abandon;
    const engine::ServedJudge judge(*sources, m_world.clock);
    const engine::Hands hands{*api, m_world.tls, m_world.sip,          m_world.clock,          keys,
                              log,  judge,       backend.pacing.get(), backend.ownership.get()};
    std::optional<engine::IssuingHands> issuing;
    if (!plan.issues.empty() || !inputs.leftovers.empty())
      issuing.emplace(
          engine::IssuingHands{*TRY(m_session.issuing_places()), *sources, m_world.clock, m_world.random, log});
    inputs.issuing = issuing ? &*issuing : nullptr;
    inputs.not_issued = [this](const std::vector<Error>& errors) { m_alerting.not_issued(errors); };
    const auto summary = TRY(engine::apply_plan(context, hands, *backend.store, inputs));
    view.close();
    m_alerting.on_end(summary);
    m_metrics.on_end(summary, plan);
    return conclude(summary, plan);
  }

  ExitCode conclude(engine::ApplySummary summary, const Plan& plan) {
    // An address that the plan has an error for is told before anything is begun.
    if (m_reporter.had_errors()) summary.excluded = std::max<std::size_t>(summary.excluded, 1);
    for (const auto& warning : summary.issuing.warnings) m_reporter.warn(warning);
    for (const auto& error : summary.errors) m_reporter.fail(with_passphrase(error, plan));
    // A trunk that was rolled back is told as an error and is exit 6, not 1: nothing was left wrong.
    const auto errors = m_reporter.had_errors();
    for (const auto& outcome : summary.outcomes)
      if (const auto error = what_to_tell(outcome)) m_reporter.fail(with_passphrase(*error, plan));
    if (human())
      m_world.streams.out << views::apply_summary_text(summary, operation(), command_again(m_arguments),
                                                       m_reporter.out_style());
    else
      m_summary = summary;
    return exit_code(summary, errors, m_world.stop.stop_requested());
  }
};

}  // namespace

Command apply_command() {
  return {
      {"apply"},
      "bind certificates: carry out a reviewed plan, or plan and ask",
      "With PLANFILE exactly what was reviewed is done, trunk by trunk, and a trunk that changed since is left "
      "alone. The same file finishes an interrupted run.\nOne signal ends the run after the trunk in hand; a second "
      "one at once.",
      apply_flags(),
      {{"PLANFILE", "a plan saved by `trunkform plan -out`", 0, 1}},
      [](World& world, const Arguments& arguments) { return ApplyRun(world, arguments, diff::Mode::apply).run(); }};
}

Command destroy_command() {
  return {
      {"destroy"},
      "forget every binding; the trunks keep their certificates",
      "A trunk always needs a certificate, so nothing is taken from one. `lifecycle.prevent_destroy` refuses.",
      apply_flags(),
      {},
      [](World& world, const Arguments& arguments) { return ApplyRun(world, arguments, diff::Mode::destroy).run(); }};
}

}  // namespace trunkform::cli
