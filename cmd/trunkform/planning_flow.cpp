#include "cmd/trunkform/planning_flow.hpp"

#include <iterator>

#include <fmt/format.h>

#include "cmd/engine/issue_plans.hpp"
#include "cmd/engine/key_warnings.hpp"
#include "cmd/trunkform/address_words.hpp"
#include "cmd/trunkform/alike_errors.hpp"
#include "schemas/codec/digest.hpp"

namespace trunkform::cli {
namespace {

bool given(const Arguments& arguments, const std::string& flag) {
  return arguments.m_flags.contains(flag) && arguments.on(flag);
}

/// A typing error in `-target` must not pass in silence.
Result<> check_selection(const diff::Selection& selection, const Session& session, const engine::Gathered& gathered) {
  std::vector<Address> known;
  for (const auto& binding : session.configuration().bindings) known.push_back(binding.address);
  for (const auto& request : session.configuration().issued)
    if (auto address = parse_address(request.address)) known.push_back(std::move(*address));
  if (gathered.state)
    for (const auto& [address, record] : gathered.state->document.resources) known.push_back(address);
  const auto unknown = diff::unmatched(selection, known);
  if (unknown.empty()) return {};
  return unknown_address(unknown.front(), known, "is neither in the configuration nor in the state")
      .hint(addresses_hint(known));
}

Result<std::vector<PlannedIssue>> plan_issues(Session& session, const diff::Selection& selection,
                                              const engine::Gathered& gathered) {
  const auto& configuration = session.configuration();
  if (configuration.issued.empty()) return std::vector<PlannedIssue>();
  engine::IssuePlansRequest request{.requests = configuration.issued, .bindings = configuration.bindings};
  if (gathered.state) {
    request.records = &gathered.state->document.issues;
    request.revoked = &gathered.state->document.revoked;
    request.replacements = &gathered.state->document.replacements;
  }
  for (const auto& issued : configuration.issued)
    if (const auto address = parse_address(issued.address); address && selection.replaces_address(*address))
      request.forced.push_back(issued.address);
  request.parallelism = session.parallelism();
  request.now = session.now();
  auto* sources = TRY(session.sources());
  auto* places = TRY(session.issuing_places());
  return engine::plan_issues(session.context(), *places, *sources, request);
}

Result<std::vector<Diagnostic>> key_warnings(Session& session) {
  const auto& configuration = session.configuration();
  auto* places = configuration.issued.empty() ? nullptr : TRY(session.issuing_places());
  return engine::key_warnings(*TRY(session.sources()), places, configuration.bindings, configuration.issued);
}

}  // namespace

Result<bool> load_configuration(Session& session, Reporter& reporter) {
  const auto* loaded = TRY(session.load());
  reporter.use_sources(session.files());
  reporter.report(loaded->diagnostics);
  return loaded->configuration.has_value();
}

Result<diff::Selection> selection_of(const Arguments& arguments) {
  diff::Selection selection;
  const auto read = [&](const std::string& flag, std::vector<Address>& into) -> Result<> {
    if (!arguments.m_flags.contains(flag)) return {};
    for (const auto& text : arguments.list(flag)) into.push_back(TRY(parse_address(text)));
    return {};
  };
  TRY(read("target", selection.targets));
  TRY(read("exclude", selection.excludes));
  TRY(read("replace", selection.replaces));
  return selection;
}

bool is_partial(const Arguments& arguments) {
  const auto given_list = [&](const std::string& flag) {
    return arguments.m_flags.contains(flag) && !arguments.list(flag).empty();
  };
  return given_list("target") || given_list("exclude");
}

Result<engine::Gathered> gather_run(Session& session, const Arguments& arguments, const PlanningOptions& options,
                                    const diff::Selection& selection) {
  auto* backend = TRY(session.backend());
  auto* api = TRY(session.api());
  auto* sources = TRY(session.sources());
  engine::GatherRequest request{.bindings = session.configuration().bindings,
                                .probing = given(arguments, "probe") ? engine::Probing::always : options.probing,
                                .parallelism = session.parallelism(),
                                .progress = {},
                                .pacing = backend->pacing.get(),
                                .read_state = [&] { return session.read_state(); },
                                .others = session.lock_of_others(),
                                .service_failed = options.service_failed};
  auto gathered =
      TRY(engine::gather(session.context(), *api, *backend->store, *backend->log, *sources, session.tls(), request));
  gathered.owned_elsewhere = TRY(session.owned_elsewhere(gathered.organisation));
  TRY(check_selection(selection, session, gathered));
  if (options.mode == diff::Mode::apply && !options.refresh_only) {
    gathered.issues = TRY(plan_issues(session, selection, gathered));
    auto exposed = TRY(key_warnings(session));
    std::move(exposed.begin(), exposed.end(), std::back_inserter(gathered.diagnostics));
  }
  return gathered;
}

engine::PlanRequest plan_request(Session& session, const Arguments& arguments, const PlanningOptions& options,
                                 diff::Selection selection) {
  engine::PlanRequest request{.configuration = session.configuration(),
                              .selection = diff::with_groups(std::move(selection), session.configuration().bindings),
                              .mode = options.mode,
                              .overrides = {.replace = false,
                                            .retry = given(arguments, "retry"),
                                            .ignore_window = given(arguments, "ignore-window")},
                              .refresh_only = options.refresh_only,
                              .service = session.service(),
                              .variables = session.loaded().variables,
                              .sensitive_variables = session.loaded().sensitive_variables,
                              .file_digests = session.loaded().file_digests};
  for (const auto& file : session.files()) request.file_digests[file.name] = sha256_hex(file.bytes);
  return request;
}

Result<PlannedRun> make_planned_run(Session& session, const Arguments& arguments, const PlanningOptions& options,
                                    Instant now) {
  PlannedRun run;
  auto selection = TRY(selection_of(arguments));
  run.gathered = TRY(gather_run(session, arguments, options, selection));
  auto* sources = TRY(session.sources());
  run.plan = engine::make_plan(session.context(), *sources, run.gathered,
                               plan_request(session, arguments, options, std::move(selection)), now);
  return run;
}

void report_plan_errors(const Plan& plan, Reporter& reporter) {
  reporter.report(plan.diagnostics);
  std::vector<Error> errors;
  for (const auto& issue : plan.issues)
    if (issue.error) errors.push_back(*issue.error);
  for (const auto& change : plan.changes)
    if (change.error) errors.push_back(*change.error);
  std::vector<Diagnostic> diagnostics;
  for (auto& error : folded(errors)) diagnostics.push_back({Severity::error, std::move(error)});
  reporter.report(diagnostics);
}

}  // namespace trunkform::cli
