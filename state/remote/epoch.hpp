#pragma once
// What the ports of one workspace in an engine share: the lock that this process holds there, and the log's end. The
// ports own it together.
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "schemas/ports/clock.hpp"
#include "schemas/ports/random.hpp"
#include "state/document/fold.hpp"
#include "state/remote/engine.hpp"

namespace trunkform::state {

/// From `acquire` to `release`.
struct HeldEpoch {
  LockInfo info;
  Fence fence;
  std::stop_source lost;
  Sequence last = 0;                    ///< of the log
  Fingerprint head{};                   ///< of the last line
  std::optional<StateDocument> stored;  ///< as the engine has it
  bool is_unreadable = false;           ///< what it has cannot be read: `state push` mends that
  /// `stored` with every event; none where it has to be read anew.
  std::optional<Folding> ahead;
  std::jthread keeper;  ///< renews; ends first, for it uses what stands above
};

class RemoteState {
 public:
  RemoteState(std::unique_ptr<Engine> opened, Clock& clock_port, Random& random_port)
      : engine(std::move(opened)), clock(clock_port), random(random_port) {}

  const std::unique_ptr<Engine> engine;
  Clock& clock;
  Random& random;

  std::mutex mutex;
  std::shared_ptr<HeldEpoch> held;  ///< guarded by `mutex`
  std::optional<Error> broken;      ///< guarded by `mutex`: a write failed; what the engine has is no longer known

  /// To be asked before each write, with `mutex` held. Errors: fenced, io.
  Result<> check_fence(const Context& context, const Fence& fence) const;
  /// Remembers a failed write, with `mutex` held: everything after it is refused. One that was fenced becomes an error
  /// that says who has the lock now; whoever watches the lock is told that it is lost.
  Error fail(const Context& context, Error error);

 private:
  Error lost_lock(const Context& context) const;
};

/// Events after `after` with their hashes checked, and the log's end. Errors: corrupt, unsupported.
struct ReadLog {
  std::vector<Event> events;
  Sequence last = 0;
  Fingerprint head{};
  bool gap = false;  ///< numbers are missing right before the first of `events`
};
Result<ReadLog> read_log(const Context& context, Engine& engine, Sequence after);

/// The document with every event; none where nothing was ever recorded.
struct LoadedState {
  StateDocument document;
  bool events_lost = false;
};
Result<std::optional<LoadedState>> load_state(const Context& context, Engine& engine);

/// Appends with `mutex` held, and finds out what became of it where the answer was lost.
Result<Sequence> append_events(const Context& context, RemoteState& state, HeldEpoch& held, std::span<Event> events);

/// Runs `write` until it is known whether it was done. Where its answer was lost `find_out` says: true, it was; false,
/// it was not, and it is tried again. Pauses grow; what cannot be found out in the end stays `outcome_unknown`.
Result<> until_known(const Context& context, Clock& clock, const std::function<Result<>()>& write,
                     const std::function<Result<bool>()>& find_out);

}  // namespace trunkform::state
