#pragma once
// Everything a plan looks at, read side by side: live trunks, prior state, offered certificates and, where asked for or
// where the API shows nothing, served ones. Takes no lock, writes nothing.
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "cmd/engine/sources.hpp"
#include "schemas/model/owner.hpp"
#include "schemas/ports/event_log.hpp"
#include "schemas/ports/lock.hpp"
#include "schemas/ports/pacing.hpp"
#include "schemas/ports/probe.hpp"
#include "schemas/ports/state_store.hpp"
#include "schemas/ports/trunk_api.hpp"

namespace trunkform::engine {

/// What is on the trunks and who we are there.
struct Gathered {
  Organisation organisation;
  std::vector<LiveTrunk> trunks;
  std::optional<Snapshot> state;
  std::map<Address, Intent> open_intents;         ///< without outcome: what to resume
  std::map<TrunkId, Sighting> served;             ///< by the wire
  std::map<TrunkId, TrunkOwner> owned_elsewhere;  ///< by which other state; filled by the caller
  std::map<std::string, PaceWait> paced_until;    ///< by carrier: who has it, and until when
  std::optional<LockInfo> running;                ///< somebody else's run, which held the lock meanwhile
  std::set<Address> in_hand;                      ///< what that run, or one that is over, began or ended meanwhile
  std::vector<PlannedIssue> issues;               ///< what is to be issued; filled by the caller
  std::vector<Diagnostic> diagnostics;            ///< clock difference and the like

  /// Where a rollback was decided and is not done yet: what is bound there is about to be taken off.
  std::set<Address> leaving() const;
  /// Whose trunks the state is about; null: nothing was applied yet.
  const Organisation* pinned() const {
    return state && state->document.organisation ? &*state->document.organisation : nullptr;
  }
  /// Whether somebody else's run was at work at any time while we looked: it alerts itself of what it does.
  bool was_beside_a_run() const { return running || !in_hand.empty(); }
};

/// Windows, `min_age` and expiry are judged by the local clock: a wrong one would rotate at the wrong time. After any
/// answer of the service. Error: over five minutes apart; over one is a warning.
Result<> check_clock(const TrunkApi& api, std::vector<Diagnostic>& diagnostics);

/// The state with its open intents, without asking the service.
struct ReadState {
  std::optional<Snapshot> snapshot;
  std::map<Address, Intent> open_intents;
  std::optional<LockInfo> running;      ///< who holds the lock: an intent without outcome is then that run's own
  std::vector<Diagnostic> diagnostics;  ///< what was lost
};
/// `others`: the lock, where somebody else may hold it; null where the caller does. Without it no intent is told from
/// one that a run is carrying out now.
Result<ReadState> read_state(const Context& context, StateStore& store, EventLog& log, Lock* others = nullptr);

enum class Probing { where_needed, always };

struct GatherRequest {
  const std::vector<Binding>& bindings;
  Probing probing = Probing::where_needed;
  std::size_t parallelism = 10;
  std::function<void(std::size_t, std::size_t)> progress;  ///< trunks listed, of how many; may be empty
  Pacing* pacing = nullptr;                                ///< null: the backend keeps none
  /// How the state is come by; empty: it is read now.
  std::function<Result<ReadState>()> read_state{};
  Lock* others = nullptr;  ///< as of `read_state`
  /// Told when it was the service that did not answer as it should, before the error is returned; may be empty.
  std::function<void(const Error&)> service_failed{};
};

/// Errors: what the service or the state said. A source that fails is an offer of kind `unreachable`, not an error.
Result<Gathered> gather(const Context& context, TrunkApi& api, StateStore& store, EventLog& log, Sources& sources,
                        TlsProbe& tls, const GatherRequest& request);

}  // namespace trunkform::engine
