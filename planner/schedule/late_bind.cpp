#include "planner/schedule/late_bind.hpp"

#include <algorithm>

#include "planner/schedule/threshold.hpp"

namespace trunkform::schedule {

std::optional<LateBind> late_bind(const NextBind& next) {
  LateBind late{next.wanted, next.ends, {}};
  const auto hold = [&](std::optional<Instant> until, const std::string& cause) {
    if (!until || *until <= late.at) return;
    late.at = *until;
    late.cause = cause;
  };
  const auto own = defer({.policy = next.policy,
                          .effective_expiry = next.ends,
                          .offered_since = next.begins,
                          .windows = next.windows,
                          .now = next.wanted});
  hold(own.not_before, own.cause);
  hold(next.held_until, next.held_by);
  hold(next.turn, "its turn in the rollout comes then (rollout.stagger, rollout.soak)");
  const auto opened =
      defer({.policy = next.policy, .effective_expiry = next.ends, .windows = next.windows, .now = late.at});
  hold(opened.not_before, opened.cause);
  const bool takes_half = late.at > next.wanted && late.at - next.wanted >= (next.ends - next.wanted) / 2;
  if (!takes_half || next.ends - late.at >= critical_margin(next.lifetime, next.policy)) return std::nullopt;
  return late;
}

bool never_old_enough(Duration lifetime, const RotatePolicy& policy) { return policy.min_age >= lifetime; }

}  // namespace trunkform::schedule
