#pragma once
// The apply's state machine, pure: given the clock and what happened, which steps are ready. It knows waves, canaries,
// stagger, soak, openings, blue-green groups, failure budgets and stopping; it does nothing itself. cmd/engine/driver
// runs the steps, the forecast and the simulation tests run the same machine on a virtual clock. docs/semantics.md,
// Apply.
//
// A *lane* is one carrier: its trunks go one after another, or `max_parallel` at a time, each in a *slot* of the lane
// with `stagger` between two trunks of a slot; lanes go side by side. `ready` costs O(slots), whatever the number of
// trunks. Not thread-safe: one owner.
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "schemas/model/pace.hpp"
#include "schemas/model/plan.hpp"

namespace trunkform::rollout {

using TrunkIndex = std::size_t;

enum class StepKind {
  reserve,    ///< the carrier's pace, which other runs keep too; postponed where no place is free
  check,      ///< GET: must still be as planned
  intend,     ///< the durable intent
  patch,      ///< the PATCH
  read_back,  ///< GET: certificate and status
  probe,      ///< fresh handshakes, until `consecutive` or `within`
  conclude,   ///< the durable outcome, with everything seen since the intent
  settle,     ///< the probe again at the end of the soak
  roll_back,  ///< to the newest earlier certificate; includes its own intent and outcome
};
std::string_view to_string(StepKind kind);

struct Step {
  StepKind kind = StepKind::check;
  TrunkIndex trunk = 0;
};

enum class Report {
  pass,
  fail,          ///< seen to be wrong; for `patch`: refused, certainly nothing changed
  inconclusive,  ///< `probe` and `settle` only: nothing ever answered
  already,       ///< `check` only: the planned certificate is on the trunk already, nothing is left to do
  unsettled,     ///< `check` only: the same, but the soak after it was cut short by the end of an earlier run
  stale,         ///< `check` and `patch` only: no longer as planned, nothing was changed
  foreign,       ///< from `read_back` on: somebody else wrote meanwhile; a failure that is never rolled back over
  uncertain,     ///< may have happened and could not be read back: the intent stays open
};

enum class Phase {
  waiting,
  deferred,  ///< its opening lies behind what this run waits for; untouched
  held,      ///< the green trunk of its group is not done and verified; untouched
  running,
  soaking,
  done,    ///< committed, and verified as far as it is configured
  failed,  ///< not as wanted, and not rolled back
  rolled_back,
  stale,      ///< not as planned any more, or not to be seen; untouched
  uncertain,  ///< its intent is open; the next run resolves it
};

/// The first instant from `now` on at which a trunk may start: its windows and its `not_before`.
using Opens = std::function<Instant(Instant now)>;

/// One trunk to patch.
struct Task {
  Address address;
  RolloutPolicy policy;
  bool probes = false;  ///< `verify.tls` is configured
  bool can_roll_back = false;
  bool paced = false;         ///< begins with `reserve`
  bool rollback_due = false;  ///< an interrupted run left a failed certificate: begins, and ends, with `roll_back`
  Opens opens{};              ///< empty: at any time
  Instant start_by = Instant::max();                ///< where it opens later it is deferred instead of waited for
  std::function<std::string(Instant)> why_later{};  ///< in words, why `opens` said so; may be empty
  std::vector<TrunkIndex> after = {};  ///< blue: the greens of its group, which must be done and verified first
  bool held = false;                   ///< blue, and its green is none of this run's: untouched
  /// When the soak ends, or ended without anybody looking, where it turns out to be bound already. Whatever this run
  /// binds, even anew, has the whole soak.
  std::optional<Instant> soaks_until = std::nullopt;
  /// What a canary tries on the lane. It needs one where a policy of its trunks there asks for `canary`. Empty: never.
  std::string chain = {};
};

/// Trunks between two soaks, by index into the tasks; `lane` is the carrier's label.
struct TaskWave {
  std::string lane;
  std::vector<TrunkIndex> trunks;
  std::size_t max_parallel = 1;  ///< the carrier's; of the waves of a lane the smallest counts
  bool canary = false;           ///< tries the chains of its trunks: planned as such, or bound by an earlier run
};

/// What the clock alone can end.
struct Wait {
  enum class For {
    opening,  ///< of `trunk`: a window, or another time before which it may not start
    stagger,  ///< the pause after the trunk before, on the lane
    soak,     ///< of the lane's wave
    pace,     ///< `trunk` has no place of the carrier's yet; `who` has
  };
  Instant until{};
  For why = For::stagger;
  std::string lane;  ///< the carrier's label
  std::optional<TrunkIndex> trunk{};
  std::string who{};  ///< PaceWait::who
};

class Rollout {
 public:
  /// `waves` of one lane run in the order given. Every task is in exactly one wave; in every lane the waves of greens
  /// come before those of blues. A chain whose canaries
  /// dropped out gets another one, a wave of its own before the next that has a trunk for it: docs/decisions/0225.
  Rollout(std::vector<Task> tasks, std::vector<TaskWave> waves);

  /// Steps that may start now; each is handed out once.
  std::vector<Step> ready(Instant now);
  /// What came of a step that `ready` handed out.
  void report(const Step& step, Report report, Instant now);
  /// Instead of a report on `reserve`: the carrier has no place free, so the step is handed out again.
  void postpone(const Step& step, PaceWait wait);
  /// When `ready` is worth asking again although nothing was reported. None: never.
  std::optional<Instant> wakes_at() const;
  /// What ends then: the first of all waits. None where `wakes_at` is none.
  std::optional<Wait> next_wait() const;
  /// No trunk starts any more and no soak is waited for; what runs is finished. Idempotent; the first reason stays.
  void stop(std::string reason);
  /// As `stop`, but nothing went wrong: the time of this run is over, and what has not started is deferred.
  void end_early(std::string reason);

  bool finished() const;
  bool stopped() const { return m_stop_reason.has_value(); }
  bool ended_early() const { return m_ended_early; }
  const std::string& stop_reason() const { return *m_stop_reason; }
  Phase phase(TrunkIndex trunk) const { return m_trunks[trunk].phase; }
  bool inconclusive(TrunkIndex trunk) const { return m_trunks[trunk].inconclusive; }
  std::size_t failures() const { return m_failures; }
  /// Why `trunk` is held, where that is no green's doing: the canary of its chain that failed on its lane.
  std::optional<TrunkIndex> failed_canary(TrunkIndex trunk) const;
  const std::vector<Task>& tasks() const { return m_tasks; }

  /// What only waits for a place of its carrier is waiting, not running.
  struct Progress {
    std::size_t total = 0, finished = 0, running = 0, soaking = 0, waiting = 0;
  };
  Progress progress() const;

 private:
  struct Trunk {
    Phase phase = Phase::waiting;
    bool inconclusive = false;
    bool bound_before = false;         ///< by an earlier run, which left its soak to this one
    bool committed = false;            ///< the PATCH went through: a failure from here on can be rolled back
    Phase concluded = Phase::soaking;  ///< what `conclude` closes
    std::optional<StepKind> next;      ///< to hand out; none while a step is out
  };
  struct Slot {
    std::optional<TrunkIndex> trunk;    ///< that runs here
    std::optional<Instant> not_before;  ///< end of the stagger after the last one, or when to ask for a place again
    std::string held_by;                ///< PaceWait::who, while its trunk is postponed
    bool rests(Instant now) const { return not_before && now < *not_before; }
  };
  struct Wave {
    std::vector<TrunkIndex> trunks;
    bool canary = false;
  };
  /// How a chain did on a lane.
  struct Trial {
    bool passed = false;               ///< a canary of it is done, after its soak
    std::optional<TrunkIndex> failed;  ///< a canary of it
  };
  struct Lane {
    std::string label;
    std::vector<Wave> waves;
    std::map<std::string, Trial> trials;  ///< by chain; what needs no canary has none
    std::size_t wave = 0;
    std::size_t next = 0;               ///< position in the wave of the trunk that starts, or settles, next
    bool settling = false;              ///< every trunk of the wave has ended: soak, then the settle steps
    std::optional<Instant> soak_until;  ///< while settling
    std::optional<Instant> opens_at;    ///< the next trunk waits for its opening
    std::vector<Slot> slots;
    bool done() const { return wave == waves.size(); }
    bool idle() const;
  };

  std::vector<Task> m_tasks;
  std::vector<Trunk> m_trunks;
  std::vector<std::size_t> m_lane_of;
  std::vector<Lane> m_lanes;
  std::optional<std::string> m_stop_reason;
  bool m_ended_early = false;
  std::size_t m_failures = 0;

  bool is_postponed(TrunkIndex trunk) const { return m_trunks[trunk].next == StepKind::reserve; }
  template <class Consider>
  void each_wait(const Consider& consider) const;
  void fill(Lane& lane, Instant now);
  enum class Readiness { ready, later, never };
  Readiness readiness(Lane& lane, TrunkIndex index, Instant now);
  std::optional<TrunkIndex> take_next(Lane& lane, Instant now);
  void start_trunks(Lane& lane, Instant now);
  Trial* trial_of(Lane& lane, TrunkIndex trunk);
  void prepare_trials(Lane& lane);
  void put_canary_first(Lane& lane);
  void note_failed_canary(TrunkIndex trunk);
  void judge_canaries(Lane& lane);
  void give_up_waiting(Lane& lane);
  void start_settling(Lane& lane);
  void end_trunk(TrunkIndex index, Phase phase, Instant now);
  void end_wave(Lane& lane, Instant now);
  enum class SoakEnd { seen, cut_short };
  void finish_soak(Lane& lane, SoakEnd end);
  void next_wave(Lane& lane);
  void fail(TrunkIndex index, Report report);
  void count_failure(TrunkIndex index);
  void after_settle(TrunkIndex index, Report report, Instant now);
};

}  // namespace trunkform::rollout
