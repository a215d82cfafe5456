#pragma once
// From what was gathered to the plan: rules over what is offered and what is live, diff, waves, outputs. Reads nothing
// but the versions that a source still has (for `no_way_back`).
#include <functional>

#include "cmd/engine/gather.hpp"
#include "planner/diff/diff.hpp"
#include "planner/language/configuration/configuration.hpp"
#include "schemas/model/plan.hpp"

namespace trunkform::engine {

struct PlanRequest {
  const language::Configuration& configuration;
  diff::Selection selection;
  diff::Mode mode = diff::Mode::apply;
  diff::Overrides overrides;  ///< `-retry`, `-ignore-window`; replace comes from the selection
  bool refresh_only = false;  ///< drift is reported, nothing is written
  std::string service;        ///< API base
  std::map<std::string, std::string> variables;
  std::vector<std::string> sensitive_variables;
  std::map<std::string, std::string> file_digests;
};

/// `gathered` must outlive the call only. The digest is set by the codec when the plan is saved.
Plan make_plan(const Context& context, Sources& sources, const Gathered& gathered, const PlanRequest& request,
               Instant now);

/// What `make_plan` diffs, for who runs the planner further ahead: one input for each binding of the configuration,
/// valid during `use` only.
void judge_bindings(const Context& context, Sources& sources, const Gathered& gathered, const PlanRequest& request,
                    Instant now, const std::function<void(std::vector<diff::DiffInput>)>& use);

}  // namespace trunkform::engine
