#pragma once
// Whether what is deferred comes so late that nothing may go wrong any more: `min_age`, windows, pace and the rollout
// itself hold a write, and each looks harmless alone. Pure.
#include <optional>
#include <string>

#include "planner/schedule/not_before.hpp"

namespace trunkform::schedule {

/// One trunk and the certificate that comes next there.
struct NextBind {
  const RotatePolicy& policy;
  WindowRule windows = WindowRule::honour;
  Instant ends{};                       ///< effective expiry of what is live
  Duration lifetime{};                  ///< of what is live
  Instant wanted{};                     ///< from when on it would be bound if nothing held it
  Instant begins{};                     ///< notBefore of what comes; of what is not issued yet, when it will be
  std::optional<Instant> held_until{};  ///< what a plan knows of it already, with its cause
  std::string held_by{};
  std::optional<Instant> turn{};  ///< in the rollout
};

struct LateBind {
  Instant at{};
  Instant ends{};
  std::string cause;  ///< for people, the argument by name
};

/// None: it comes in time. It is late where waiting takes half of what is left, and leaves less than makes a live
/// certificate critical.
std::optional<LateBind> late_bind(const NextBind& next);

/// Whether what lives so long never grows as old as `min_age` asks: a trunk without a valid certificate never gets it,
/// others when what is live has ended.
bool never_old_enough(Duration lifetime, const RotatePolicy& policy);

}  // namespace trunkform::schedule
