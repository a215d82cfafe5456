#pragma once
// Does one step of a rollout in the world and reports what came of it. Thread-safe for different trunks; the steps of
// one trunk come one after another. What is seen between intent and outcome travels in one durable batch.
#include <functional>
#include <memory>
#include <vector>

#include "cmd/engine/due_rollback.hpp"
#include "cmd/engine/key_ring.hpp"
#include "cmd/engine/run_log.hpp"
#include "cmd/engine/verify.hpp"
#include "cmd/engine/way_back.hpp"
#include "planner/rollout/rollout.hpp"
#include "schemas/ports/ownership.hpp"
#include "schemas/ports/pacing.hpp"
#include "schemas/ports/trunk_api.hpp"

namespace trunkform::engine {

struct Hands {
  TrunkApi& api;
  TlsProbe& tls;
  SipProbe& sip;
  Clock& clock;
  KeyRing& keys;
  RunLog& log;
  const ServedJudge& judge;
  Pacing* pacing = nullptr;        ///< null: the backend keeps none
  Ownership* ownership = nullptr;  ///< null: the backend keeps none
  Wire wire() const { return {tls, sip, clock, judge}; }
};

/// What one trunk of the rollout is about. Borrowed; outlives the runner.
struct TrunkWork {
  const PlannedChange* change = nullptr;
  const ResourceRecord* prior = nullptr;          ///< the record of that same trunk, or null
  const PlannedChange* peer = nullptr;            ///< the other trunk of its blue-green group, or null
  std::optional<DueRollback> due = std::nullopt;  ///< what `prior` records is to be left, and nothing else is done
  bool settles = false;  ///< what `prior` records is bound, and only the end of its soak is to be seen
};

/// What came of one trunk, for the summary.
struct TrunkResult {
  Verification verification;
  std::optional<Error> error;  ///< why it failed, is stale, or is not known
  std::string message;         ///< one line
  bool was_there = false;      ///< the planned certificate was on the trunk before this run
  bool only_settled = false;   ///< nothing was to be bound: the end of an earlier run's soak was to be seen
};

class StepRunner {
 public:
  /// `work[i]` is the rollout's trunk i; `organisation` is whose carriers are paced.
  StepRunner(Hands hands, std::vector<TrunkWork> work, std::string organisation, std::stop_token lock_lost);
  ~StepRunner();

  struct Done {
    rollout::Report report = rollout::Report::pass;
    std::optional<PaceWait> postponed{};  ///< of `reserve`: the carrier has no place free
  };
  Done run(const Context& context, const rollout::Step& step);
  /// After the last step. A stop that came while a trunk took its place leaves it there, and the trunk never begins:
  /// its place is given back.
  void end();
  const TrunkResult& result(rollout::TrunkIndex trunk) const;

 private:
  struct Trunk;
  using Report = rollout::Report;

  Hands m_hands;
  std::string m_organisation;
  std::vector<std::unique_ptr<Trunk>> m_trunks;
  std::stop_token m_lock_lost;

  Report do_step(const Context& context, Trunk& trunk, rollout::StepKind kind);
  Done reserve(const Context& context, Trunk& trunk);
  void take_extra_place(const Context& context, Trunk& trunk);
  void keep_place(const Context& context, Trunk& trunk) const;
  void leave_place(Trunk& trunk, Duration rest) const;
  Report check(const Context& context, Trunk& trunk);
  Result<> check_peer(const Context& context, const Trunk& trunk);
  Report compare(const Context& context, Trunk& trunk);
  Report found_already(Trunk& trunk);
  Report check_bound(const Context& context, Trunk& trunk);
  Report intend(const Context& context, Trunk& trunk);
  Report patch(const Context& context, Trunk& trunk);
  Report read_back(const Context& context, Trunk& trunk);
  Report probe(const Context& context, Trunk& trunk);
  Report failed_on_wire(const Context& context, Trunk& trunk, Error error);
  Report conclude(Trunk& trunk);
  Report leave_open(Trunk& trunk, const CheckResult& so_far);
  CheckResult look_at_soak_end(const Context& context, Trunk& trunk);
  Report settle(const Context& context, Trunk& trunk);
  Report roll_back(const Context& context, Trunk& trunk);
  Result<> see_ours(const Context& context, Trunk& trunk);
  Report bind_earlier(const Context& context, Trunk& trunk, WayBack way, const std::string& reason);
  Report stay(Trunk& trunk, Error cause);
};

}  // namespace trunkform::engine
