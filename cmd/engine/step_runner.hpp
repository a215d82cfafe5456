#pragma once
// Does one step of a rollout in the world and reports what came of it. Thread-safe for different trunks; the steps of
// one trunk come one after another. What is seen between intent and outcome travels in one durable batch.
#include <functional>
#include <memory>
#include <vector>

#include "cmd/engine/key_ring.hpp"
#include "cmd/engine/run_log.hpp"
#include "cmd/engine/verify.hpp"
#include "planner/rollout/rollout.hpp"
#include "schemas/ports/trunk_api.hpp"

namespace trunkform::engine {

struct Hands {
  TrunkApi& api;
  TlsProbe& tls;
  SipProbe& sip;
  Clock& clock;
  KeyRing& keys;
  RunLog& log;
};

/// What came of one trunk, for the summary.
struct TrunkResult {
  Verification verification;
  std::optional<Error> error;  ///< why it failed, is stale, or is not known
  std::string message;         ///< one line
};

class StepRunner {
 public:
  /// `changes[i]` is what the rollout's trunk i is to get; `priors[i]` the record of that same trunk, or null.
  StepRunner(Hands hands, std::vector<const PlannedChange*> changes, std::vector<const ResourceRecord*> priors,
             std::stop_token lock_lost);
  ~StepRunner();

  rollout::Report run(const Context& context, const rollout::Step& step);
  const TrunkResult& result(rollout::TrunkIndex trunk) const;

 private:
  struct Trunk;
  using Report = rollout::Report;

  Hands m_hands;
  std::vector<std::unique_ptr<Trunk>> m_trunks;
  std::stop_token m_lock_lost;

  Report check(const Context& context, Trunk& trunk);
  Report compare(const Context& context, Trunk& trunk);
  Report found_already(Trunk& trunk);
  Report intend(const Context& context, Trunk& trunk);
  Report patch(const Context& context, Trunk& trunk);
  Report read_back(const Context& context, Trunk& trunk);
  Report probe(const Context& context, Trunk& trunk);
  Report conclude(Trunk& trunk);
  Report settle(const Context& context, Trunk& trunk);
  Report roll_back(const Context& context, Trunk& trunk);
  Result<> see_before_rollback(const Context& context, Trunk& trunk);
  struct WayBack;
  Result<WayBack> find_way_back(const Context& context, const Trunk& trunk);
  Report bind_earlier(const Context& context, Trunk& trunk, WayBack way, const std::string& reason);
  Report stay(Trunk& trunk, Error error);
};

}  // namespace trunkform::engine
