#pragma once
// From the events of a run to the state's document: one commit, at the end of every run that writes.
#include <map>
#include <optional>
#include <string>

#include "cmd/engine/run_log.hpp"
#include "schemas/ports/state_store.hpp"

namespace trunkform::engine {

/// Folds what the run wrote into the document and commits it; also after `recover`, `import`, `forget`.
Result<StateToken> commit_events(StateStore& store, const Fence& fence, const std::optional<Snapshot>& before,
                                 const std::string& lineage, RunLog& log,
                                 const std::optional<Organisation>& organisation,
                                 std::optional<std::map<std::string, OutputRecord>> outputs);

}  // namespace trunkform::engine
