#pragma once
// The rollout as it is put together: tasks for the machine, and beside each what it is about. Pure.
#include <map>
#include <vector>

#include "cmd/engine/apply.hpp"
#include "cmd/engine/step_runner.hpp"
#include "planner/rollout/rollout.hpp"
#include "planner/schedule/soak.hpp"

namespace trunkform::engine {

struct Assembly {
  std::vector<rollout::Task> tasks;
  std::vector<TrunkWork> work;  ///< borrows the plan, the state, `soaks` and `peers_left_out`
  schedule::SoaksOfRun soaks;
  std::vector<PlannedChange> peers_left_out;  ///< of blue-green groups, by a plan that is about the other one alone
  std::vector<rollout::TaskWave> waves;
};

/// What is to be written, in the plan's order, and by address. Borrows the plan.
struct Writes {
  std::vector<const PlannedChange*> all;
  std::map<Address, const PlannedChange*> by_address;
};

enum class Paced { no, yes };  ///< whether the backend keeps a pace between runs
/// Whether a trunk takes a place of its carrier before it is touched.
bool is_paced(const Binding& binding, Paced paced);

/// The open soaks that this run sees to: `bindings` are those configured now; `leaving` as of ApplyInputs.
schedule::SoaksOfRun soaks_to_see(const Plan& plan, const std::vector<Binding>& bindings,
                                  const std::vector<const PlannedChange*>& writes, const std::optional<Snapshot>& state,
                                  const std::set<Address>& leaving, Instant now);

/// What an interrupted run left failed comes first on its carrier, unless another certificate takes its place.
Assembly assemble_rollbacks(const ApplyInputs& inputs, const Writes& writes, Paced paced);

/// The waves of what is written.
Assembly assemble_waves(const ApplyInputs& inputs, const Writes& writes, Paced paced, Instant now);

}  // namespace trunkform::engine
