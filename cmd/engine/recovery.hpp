#pragma once
// Intents without outcome, resolved before anything else is done: read what is on the trunk, tell old from new from
// foreign by identity, finish or close. docs/semantics.md, Apply. Nothing is PATCHed here.
#include <map>
#include <string>
#include <vector>

#include "cmd/engine/due_rollback.hpp"
#include "cmd/engine/run_log.hpp"
#include "cmd/engine/verify.hpp"

namespace trunkform::engine {

struct Resolved {
  Address address;
  OutcomeKind kind = OutcomeKind::committed;
  std::string message;
  std::optional<Error> error;  ///< what is on the trunk could not be seen: its intent stays open
  bool unverified = false;     ///< bound, nobody could see it, and its rollout stops for that
  /// What is bound failed, and the interrupted run did not get to rolling it back; with the reason.
  std::optional<DueRollback> rollback_due;
};

/// `bindings`: those that the configuration still has. Appends one outcome an intent, but for a rollback that was not
/// bound yet: it is due, and its intent stays open until it is done, or the trunk is forgotten.
/// Error: what the log said; conflict, where the credentials are not of the organisation that the state pins: there the
/// trunks would seem to be gone.
Result<std::vector<Resolved>> resolve_intents(const Context& context, TrunkApi& api, const Wire& wire, RunLog& log,
                                              const std::optional<Organisation>& pinned,
                                              const std::map<Address, Intent>& intents,
                                              const std::vector<Binding>& bindings);

/// What failed and is bound all the same, looked at once more and without patience: whatever verifies by now is closed
/// as committed, and what is still seen to be wrong is due to be rolled back. Where nothing can be learnt, or something
/// else is bound by now, the trunk is left to the plan: only `fail` goes back.
Result<std::vector<Resolved>> look_again(const Context& context, TrunkApi& api, const Wire& wire, RunLog& log,
                                         const std::optional<Organisation>& pinned,
                                         const std::vector<const ResourceRecord*>& failed,
                                         const std::vector<Binding>& bindings, std::size_t parallelism);

}  // namespace trunkform::engine
