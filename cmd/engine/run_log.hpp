#pragma once
// One run's writing end of the event log: numbers, names and times events, makes batches durable, shows them to sinks
// (live view, `-json`, alerts) once they are. Thread-safe.
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "schemas/ports/clock.hpp"
#include "schemas/ports/event_log.hpp"
#include "state/document/fold.hpp"

namespace trunkform::engine {

/// Sees events after they are durable, in order, never two at a time. Must not block for long.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void on_event(const Event& event) = 0;
};

struct RunIdentity {
  std::string run;    ///< UUID
  std::string actor;  ///< user@host
  std::string plan;   ///< digest of the plan; set once it is known
};

/// What happened before it is written: a batch saves durable writes, not the times of what is in it.
struct SeenEvent {
  Instant at{};
  EventBody body;
};

class RunLog {
 public:
  RunLog(EventLog& log, const Clock& clock, Fence fence, Sequence last, RunIdentity identity);

  /// One batch of what happens now, durable on return. After a failure nothing more is written: the same error is
  /// returned again.
  Result<> append(std::vector<EventBody> bodies);
  /// The same of what happened since the batch before, each at its own time. Several trunks are under way at once, so
  /// the times of a log do not rise from line to line; its sequence does.
  Result<> append_seen(std::vector<SeenEvent> seen);
  /// Whether a run of this state began this request of an issuer's, and it has ended since: nobody goes on with it.
  /// Reads the whole log.
  Result<bool> has_ended(const Context& context, const std::string& request) const;
  void set_plan(std::string digest);
  void add_sink(EventSink& sink);
  Sequence last() const;
  /// What this run wrote before `fold_onto`.
  std::vector<Event> written() const;
  /// From now on events are folded onto this document and not kept: a run of ten thousand trunks writes a hundred
  /// megabytes. Those so far are folded in too. Once.
  void fold_onto(StateDocument document);
  bool is_folding() const;
  /// What became of the document, at the end of the run: nothing may be appended afterwards. Needs `fold_onto`.
  StateDocument take_document();
  /// The addresses that this run's events are about.
  const std::set<Address>& touched() const { return m_touched; }
  const std::string& run() const { return m_identity.run; }
  std::string plan() const;

 private:
  mutable std::mutex m_mutex;
  EventLog& m_log;
  const Clock& m_clock;
  Fence m_fence;
  Sequence m_last;
  RunIdentity m_identity;
  std::vector<EventSink*> m_sinks;
  std::vector<Event> m_written;  ///< before `fold_onto`
  std::optional<state::Folding> m_folding;
  std::set<Address> m_touched;
  std::optional<Error> m_failure;

  void keep(Event event);
};

}  // namespace trunkform::engine
