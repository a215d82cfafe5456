#pragma once
// What `plan`, `apply`, `destroy` and `drift` share: configuration → gathered → plan, with everything that was found on
// the way reported.
#include "cmd/engine/planning.hpp"
#include "cmd/trunkform/reporter.hpp"
#include "cmd/trunkform/session.hpp"

namespace trunkform::cli {

struct PlannedRun {
  Plan plan;
  engine::Gathered gathered;
};

struct PlanningOptions {
  diff::Mode mode = diff::Mode::apply;
  bool refresh_only = false;
  engine::Probing probing = engine::Probing::where_needed;
  std::function<void(const Error&)> service_failed{};  ///< told before the error is returned; may be empty
};

/// Loads and evaluates; reports what is wrong. False: there were errors, and they were shown.
Result<bool> load_configuration(Session& session, Reporter& reporter);

/// `-target`, `-exclude`, `-replace`, `-retry`, `-ignore-window` as given. Error: invalid_input.
Result<diff::Selection> selection_of(const Arguments& arguments);

/// Whether a selection leaves anything out.
bool is_partial(const Arguments& arguments);

/// What a plan looks at, and what it is asked: the two halves of `make_planned_run`. Need a loaded configuration.
Result<engine::Gathered> gather_run(Session& session, const Arguments& arguments, const PlanningOptions& options,
                                    const diff::Selection& selection);
engine::PlanRequest plan_request(Session& session, const Arguments& arguments, const PlanningOptions& options,
                                 diff::Selection selection);

/// Needs a loaded configuration.
Result<PlannedRun> make_planned_run(Session& session, const Arguments& arguments, const PlanningOptions& options,
                                    Instant now);

/// The gates' errors and the plan's diagnostics, after the plan itself was shown.
void report_plan_errors(const Plan& plan, Reporter& reporter);

}  // namespace trunkform::cli
