#pragma once
// From the events of a run to the state's document: one commit, at the end of every run that writes.
#include <map>
#include <optional>
#include <string>

#include "cmd/engine/run_log.hpp"
#include "schemas/ports/ownership.hpp"
#include "schemas/ports/state_store.hpp"

namespace trunkform::engine {

/// What a run leaves behind it.
struct CommitPorts {
  StateStore& store;
  Ownership* ownership;  ///< null: the backend keeps none
};

/// Folds what the run wrote into the document and commits it; also after `recover`, `import`, `forget`. Trunks that are
/// no longer recorded are given back, unless an intent is open: it may be about one of them.
Result<StateToken> commit_events(const CommitPorts& ports, const Fence& fence, const std::optional<Snapshot>& before,
                                 const std::string& lineage, RunLog& log,
                                 const std::optional<Organisation>& organisation,
                                 std::optional<std::map<std::string, OutputRecord>> outputs);

/// What a run that ended before it recorded anything had claimed. `ownership`: null where the backend keeps none.
/// `state`: as it is, under the lock.
void give_back_unrecorded(Ownership* ownership, const Fence& fence, const std::optional<Snapshot>& state);

}  // namespace trunkform::engine
