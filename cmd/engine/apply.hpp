#pragma once
// Carrying out a plan under the lock: what touches the state alone, then the rollout, then one commit of the document.
// The event log is durable at every step; the document is written once, at the end, whatever happened.
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cmd/engine/apply_summary.hpp"
#include "cmd/engine/driver.hpp"
#include "cmd/engine/issuing_leftovers.hpp"
#include "cmd/engine/issuing_stage.hpp"
#include "cmd/engine/key_ring.hpp"
#include "cmd/engine/recovery.hpp"
#include "cmd/engine/replacements.hpp"
#include "cmd/engine/run_log.hpp"
#include "schemas/ports/state_store.hpp"

namespace trunkform::engine {

struct ApplyInputs {
  Plan& plan;                            ///< what is issued on the way is filled in
  const std::optional<Snapshot>& state;  ///< after recovery; none: this run makes it
  std::string lineage;                   ///< of a new state
  Fence fence;
  std::string reason;  ///< `-reason`
  DriveOptions drive;
  PlanOrigin origin = PlanOrigin::this_run;
  bool retry = false;  ///< `-retry`: quarantined chains too
  Duration wait{};     ///< `-wait`: what opens within it is waited for, everything else deferred
  const std::vector<Binding>* bindings =
      nullptr;                        ///< as they are configured now, whatever the plan is of; outlives the run
  std::set<Address> failed = {};      ///< that recovery found: an interrupted run had bound it, and it does not verify
  std::set<Address> unverified = {};  ///< the same, and nobody could see whether it does
  std::map<Address, DueRollback> rollbacks_due = {};  ///< what recovery found to be finished, and this run does
  /// What a plan issues is issued with; null: nothing can be issued here, and the plan issues nothing.
  const IssuingHands* issuing = nullptr;
  /// Told of what could not be issued, before the rollout begins: that may last for hours.
  std::function<void(const std::vector<Error>&)> not_issued = {};
  std::vector<Leftover> leftovers = {};  ///< of requests and blocks that are no more: cleared away
  /// What is bound here is about to be taken off, by this run or a later one: it proves nothing for its chain.
  std::set<Address> leaving = {};
};

/// Errors of single addresses are in the summary. An Error is returned only where nothing was begun.
Result<ApplySummary> apply_plan(const Context& context, Hands hands, StateStore& store, const ApplyInputs& inputs);

/// Whether the state has something to learn although nothing is to be done: worth a run, not worth a question.
bool has_upkeep(const Plan& plan, const std::optional<Snapshot>& state);

}  // namespace trunkform::engine
