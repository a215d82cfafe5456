#pragma once
// What of a plan is not this run's to do, as far as the time goes. Pure. docs/semantics.md, Time.
#include <map>
#include <optional>
#include <string>

#include "schemas/model/plan.hpp"

namespace trunkform::engine {

class Deferrals {
 public:
  /// `wait`: what opens within it is waited for. Borrows the plan.
  Deferrals(const Plan& plan, Duration wait, Instant now);

  /// When a write may start that opens later than this run waits for; a blue waits with its green. None: now, or it
  /// writes nothing.
  std::optional<Instant> until(const PlannedChange& change) const;

 private:
  std::map<std::string, const PlannedChange*> m_greens;  ///< by group
  Duration m_wait;
  Instant m_now;

  bool opens_too_late(const PlannedChange& change) const;
};

}  // namespace trunkform::engine
