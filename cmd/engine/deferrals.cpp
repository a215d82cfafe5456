#include "cmd/engine/deferrals.hpp"

#include "planner/schedule/not_before.hpp"

namespace trunkform::engine {

Deferrals::Deferrals(const Plan& plan, Duration wait, Instant now) : m_wait(wait), m_now(now) {
  for (const auto& change : plan.changes)
    if (change.binding && change.binding->colour == Colour::green) m_greens.emplace(change.binding->group, &change);
}

bool Deferrals::opens_too_late(const PlannedChange& change) const {
  return change.writes() && change.not_before &&
         *change.not_before > schedule::start_by(*change.binding, m_wait, m_now);
}

std::optional<Instant> Deferrals::until(const PlannedChange& change) const {
  if (opens_too_late(change)) return change.not_before;
  if (!change.writes() || change.binding->colour != Colour::blue) return std::nullopt;
  const auto green = m_greens.find(change.binding->group);
  const bool waits = green != m_greens.end() && opens_too_late(*green->second);
  return waits ? green->second->not_before : std::nullopt;
}

}  // namespace trunkform::engine
