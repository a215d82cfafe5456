#pragma once
// The state at the beginning of a run that writes, under its lock: intents without outcome are resolved first.
#include <map>
#include <optional>
#include <set>
#include <string>

#include "cmd/engine/recovery.hpp"
#include "cmd/trunkform/reporter.hpp"
#include "cmd/trunkform/session.hpp"

namespace trunkform::cli {

struct RecoveredState {
  std::optional<Snapshot> snapshot;  ///< with what recovery found folded in; none: nothing was ever written
  std::string lineage;               ///< of the snapshot, or a new one
  std::map<Address, engine::DueRollback> rollbacks_due;
  std::set<Address> failed;             ///< that an interrupted run had bound, and that does not verify
  std::set<Address> unverified;         ///< the same, and nobody could see whether it does
  std::map<Address, Error> unresolved;  ///< whose intent is still open: nothing may be written there
  std::vector<Diagnostic> diagnostics;  ///< what was lost
};

/// Tells people what was found. The session's configuration is loaded. Errors: what state, log or service say.
Result<RecoveredState> recover_state(World& world, Session& session, Reporter& reporter, state::Backend& backend,
                                     engine::RunLog& log);

}  // namespace trunkform::cli
