#pragma once
// A command that changes the state without touching a trunk (`import`, `forget`, `state mv` …): lock, read, append
// events, commit the fold, unlock.
#include <functional>
#include <span>

#include "cmd/engine/apply.hpp"
#include "cmd/engine/locking.hpp"
#include "cmd/trunkform/run_command.hpp"

namespace trunkform::cli {

/// Given the state under the lock, what to append. Empty: nothing is to be done.
using StateChange =
    std::function<Result<std::vector<EventBody>>(const std::optional<Snapshot>& state, const Fence& fence)>;

/// `operation`: for the lock info. `organisation`: to be pinned; none: as it was.
Result<> change_state(Frame& frame, const std::string& operation, const StateChange& change,
                      const std::function<Result<std::optional<Organisation>>()>& organisation = {});

/// The same for what happens in the world meanwhile: `steps` appends what it does, each before it does it, and what it
/// appended is committed also where it failed; its error is what is returned then.
using StateSteps = std::function<Result<>(const std::optional<Snapshot>& state, engine::RunLog& log)>;
Result<> change_state_in_steps(Frame& frame, const std::string& operation, const StateSteps& steps);

/// Takes trunks for this state before they are recorded. Error: conflict, naming the workspace that has one.
Result<> claim_trunks(Frame& frame, const Fence& fence, const Organisation& organisation,
                      std::span<const TrunkId> trunks);
/// The same question without taking any, and without the lock: by what the other states record.
Result<> refuse_owned(Frame& frame, const Organisation& organisation, std::span<const TrunkId> trunks);

/// The lock with this command's `-lock-timeout`.
Result<engine::HeldLock> lock_state(Frame& frame, const std::string& operation);

}  // namespace trunkform::cli
