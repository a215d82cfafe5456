#pragma once
// What came of an apply, trunk by trunk and counted.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cmd/engine/issuing_stage.hpp"
#include "cmd/engine/step_runner.hpp"
#include "planner/rollout/rollout.hpp"
#include "schemas/model/plan.hpp"
#include "schemas/model/state.hpp"

namespace trunkform::engine {

struct AddressOutcome {
  Address address;
  rollout::Phase phase = rollout::Phase::waiting;
  bool inconclusive = false;
  TrunkResult result;
  std::optional<Address> failed_canary = std::nullopt;  ///< of its chain, because of which it is held
};

struct ApplySummary {
  std::size_t created = 0, updated = 0, adopted = 0, forgotten = 0;
  std::size_t settled = 0;    ///< bound by an earlier run, which did not see the end of the soak
  std::size_t refreshed = 0;  ///< records that learnt a trunk's new name, or `prevent_destroy`, and nothing else
  std::size_t was_there = 0;  ///< bound before this run, by an interrupted one or by somebody else
  std::size_t failed = 0, rolled_back = 0, stale = 0, deferred = 0, held = 0, not_started = 0, excluded = 0;
  IssuingSummary issuing;
  std::map<Address, std::size_t> held_behind;  ///< of `held`, how many by which canary that failed; others: by a green
  bool stopped = false;
  bool lock_lost = false;  ///< which is why it stopped
  bool inconclusive = false;
  std::string stop_reason;
  std::vector<AddressOutcome> outcomes;  ///< of every trunk that was to be touched, or seen to its end
  std::vector<Error> errors;             ///< beyond those of outcomes: keys, state
  std::optional<StateToken> state;       ///< after the commit

  /// What came of a trunk of the rollout. `planned`: what was to be done to it; none: it was only taken back, or seen
  /// to the end of its soak. `ended_early`: what has not started is deferred, and was not stopped.
  void add(AddressOutcome outcome, std::optional<Action> planned, bool ended_early);
};

}  // namespace trunkform::engine
