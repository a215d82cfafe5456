#pragma once
// Carrying out a plan under the lock: what touches the state alone, then the rollout, then one commit of the document.
// The event log is durable at every step; the document is written once, at the end, whatever happened.
#include <map>
#include <string>
#include <vector>

#include "cmd/engine/driver.hpp"
#include "cmd/engine/key_ring.hpp"
#include "cmd/engine/recovery.hpp"
#include "cmd/engine/run_log.hpp"
#include "schemas/ports/state_store.hpp"

namespace trunkform::engine {

struct AddressOutcome {
  Address address;
  rollout::Phase phase = rollout::Phase::waiting;
  bool inconclusive = false;
  TrunkResult result;
};

struct ApplySummary {
  std::size_t created = 0, updated = 0, adopted = 0, forgotten = 0;
  std::size_t settled = 0;    ///< bound by an earlier run, which did not see the end of the soak
  std::size_t refreshed = 0;  ///< records that learnt a trunk's new name, or `prevent_destroy`, and nothing else
  std::size_t was_there = 0;  ///< bound before this run, by an interrupted one or by somebody else
  std::size_t failed = 0, rolled_back = 0, stale = 0, deferred = 0, held = 0, not_started = 0, excluded = 0;
  bool stopped = false;
  bool inconclusive = false;
  std::string stop_reason;
  std::vector<AddressOutcome> outcomes;  ///< of what was to be written, in the plan's order
  std::vector<Error> errors;             ///< beyond those of outcomes: keys, state
  std::optional<StateToken> state;       ///< after the commit
};

/// A plan that was made under this run's lock is as fresh as its reads; one from a file may be days old.
enum class PlanOrigin { this_run, file };

struct ApplyInputs {
  const Plan& plan;
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
  std::map<Address, DueRollback> rollbacks_due = {};  ///< what recovery found to be finished
};

/// Errors of single addresses are in the summary. An Error is returned only where nothing was begun.
Result<ApplySummary> apply_plan(const Context& context, Hands hands, StateStore& store, const ApplyInputs& inputs);

/// Where an earlier run left a soak that nobody saw the end of, and an apply of `plan` would see to it.
struct SoaksLeft {
  std::vector<Address> planned;
  std::vector<Address> left_out;  ///< the plan is not about these: looked at, and never written
};
/// `bindings`: as they are configured now.
SoaksLeft open_soaks(const Plan& plan, const std::vector<Binding>& bindings, const std::optional<Snapshot>& state,
                     Instant now);

/// Whether the state has something to learn although nothing is to be done: worth a run, not worth a question.
bool has_upkeep(const Plan& plan, const std::optional<Snapshot>& state);

}  // namespace trunkform::engine
