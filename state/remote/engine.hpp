#pragma once
// What a system that several machines reach has to promise so that a state can live in it. An adapter (one folder of
// state/backends) implements this; everything else that makes a backend — folding, chaining of hashes, claims, pacing,
// finding out what became of a write whose answer was lost — stands once, in this room.
//
// One engine is one workspace's view. Thread-safe. Errors beside those named: denied, unavailable, throttled, protocol.
// A write whose answer was lost is `outcome_unknown`, never a guess: the caller reads back and decides.
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "schemas/model/event.hpp"
#include "schemas/ports/context.hpp"
#include "schemas/ports/lock.hpp"
#include "schemas/ports/state_store.hpp"
#include "schemas/ports/workspaces.hpp"

namespace trunkform::state {

/// A text that all workspaces of a backend share, and what a conditional write of it must find.
struct SharedText {
  std::string text;
  std::string revision;  ///< of the engine; opaque
};

/// What all workspaces share.
enum class Shared { owners, pacing };

/// Several events that are one write: all of them are there, or none.
struct EventBatch {
  Sequence first = 0;
  std::vector<std::string> lines;  ///< without their newlines, numbered from `first` on
};

/// A form of the document that is kept beside the one in use.
struct KeptDocument {
  std::string id;  ///< of the engine; opaque
  Instant written{};
};

class Engine {
 public:
  virtual ~Engine() = default;
  virtual BackendCapabilities capabilities() const = 0;
  /// For messages: `PostgreSQL db.example.com/ops, schema sip_tls, workspace default`. Never a secret.
  virtual std::string place() const = 0;
  /// Makes what the state needs and is not there yet: tables, a folder. Done again it changes nothing.
  virtual Result<> prepare(const Context& context) = 0;
  /// By the engine's own clock: the machines of those who share it may differ. Error: unsupported, where it tells none.
  virtual Result<Instant> now(const Context& context) = 0;

  /// How often `renew` must be called while the lock is held; zero: the lock does not run out.
  virtual Duration renewal() const = 0;
  /// How long the lock outlives its holder. After that long without a renewal that succeeded it counts as lost.
  virtual Duration time_to_live() const = 0;
  /// Takes the lock where nobody has it, or where it has run out by the engine's clock. For one who has it under this
  /// id already it is done. From now on nothing is written for an earlier holder. Error: lock_held.
  virtual Result<> take_lock(const Context& context, const LockInfo& info) = 0;
  /// Error: fenced, where it is not this one's any more.
  virtual Result<> renew(const Context& context, const std::string& lock_id) = 0;
  /// Error: fenced.
  virtual Result<> give_back(const Context& context, const std::string& lock_id) = 0;
  virtual Result<std::optional<LockInfo>> holder(const Context& context) = 0;
  /// Whether `holder` only looks. False: it has to try the lock, which keeps others out for a moment.
  virtual bool tells_holder() const { return true; }
  /// Frees it where `lock_id` has it. Errors: conflict (another has it), not_found (nobody has).
  virtual Result<> break_lock(const Context& context, const std::string& lock_id) = 0;

  /// As it was last written, without later events. None: nothing was ever written.
  virtual Result<std::optional<StateDocument>> load(const Context& context) = 0;
  /// In one step, where `lock_id` has the lock and the engine has serial and lineage of `before`; with none, where it
  /// has no document. Errors: conflict, fenced, outcome_unknown.
  virtual Result<> write(const Context& context, const std::string& lock_id, const StateDocument* before,
                         const StateDocument& next) = 0;

  /// The newest first and the one in use among them, at most `most`; what was written twice is there twice. Error:
  /// unsupported, without `capabilities().versions`.
  virtual Result<std::vector<KeptDocument>> kept_documents(const Context& context, int most);
  /// None: it is not kept any more, or was none.
  virtual Result<std::optional<StateDocument>> kept_document(const Context& context, const std::string& id);

  /// All events after `after`, by their numbers.
  virtual Result<EventBatch> events(const Context& context, Sequence after) = 0;
  /// The last event of all; none: an empty log. So that its end is found without reading all of it.
  virtual Result<std::optional<EventBatch>> last_event(const Context& context) = 0;
  /// In one step, where `lock_id` has the lock and no event has these numbers. Durable on return. Errors: fenced,
  /// outcome_unknown.
  virtual Result<> append(const Context& context, const std::string& lock_id, const EventBatch& batch) = 0;

  /// None: never written.
  virtual Result<std::optional<SharedText>> read_shared(const Context& context, Shared what) = 0;
  /// Where it is still at `revision`; none: where it was never written. Errors: conflict, outcome_unknown.
  virtual Result<> write_shared(const Context& context, Shared what, const std::optional<std::string>& revision,
                                const std::string& text) = 0;
  /// Of this workspace alone, and without a condition: who was told of which alert.
  virtual Result<std::optional<std::string>> read_alerts(const Context& context) = 0;
  virtual Result<> write_alerts(const Context& context, const std::string& text) = 0;

  /// Names of the workspaces that were made; `default` need not be among them.
  virtual Result<std::vector<std::string>> workspaces(const Context& context) = 0;
  /// Makes this one known. Done where it is.
  virtual Result<> create(const Context& context) = 0;
  /// Removes document, events and alerts of this one, where `lock_id` has its lock, and the lock.
  virtual Result<> remove(const Context& context, const std::string& lock_id) = 0;
};

}  // namespace trunkform::state
