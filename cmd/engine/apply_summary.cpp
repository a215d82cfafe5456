#include "cmd/engine/apply_summary.hpp"

namespace trunkform::engine {

using rollout::Phase;

void ApplySummary::add(AddressOutcome outcome, std::optional<Action> planned, bool ended_early) {
  inconclusive = inconclusive || outcome.inconclusive;
  switch (outcome.phase) {
    case Phase::done:
      ++(outcome.result.only_settled ? settled
         : outcome.result.was_there  ? was_there
         : planned == Action::create ? created
                                     : updated);
      break;
    case Phase::rolled_back:
      ++rolled_back;
      break;
    case Phase::stale:
      ++stale;
      break;
    case Phase::waiting:
      ++(ended_early ? deferred : not_started);
      break;
    case Phase::deferred:
      ++deferred;
      break;
    case Phase::held:
      ++held;
      if (outcome.failed_canary) ++held_behind[*outcome.failed_canary];
      break;
    default:
      ++failed;
  }
  outcomes.push_back(std::move(outcome));
}

}  // namespace trunkform::engine
