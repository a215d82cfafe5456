// What only the clock can end, and when.
#include <algorithm>

#include "planner/rollout/rollout.hpp"

namespace trunkform::rollout {

/// `consider(until, for, lane, slot)`; slot is null where no slot waits.
template <class Consider>
void Rollout::each_wait(const Consider& consider) const {
  using For = Wait::For;
  if (stopped()) return;
  for (const auto& lane : m_lanes) {
    if (lane.done()) continue;
    if (lane.soak_until) consider(*lane.soak_until, For::soak, lane, nullptr);
    if (lane.settling) continue;
    const bool has_more = lane.next < lane.waves[lane.wave].trunks.size();
    if (has_more && lane.opens_at) consider(*lane.opens_at, For::opening, lane, nullptr);
    for (const auto& slot : lane.slots) {
      if (!slot.not_before) continue;
      if (slot.trunk && is_postponed(*slot.trunk)) consider(*slot.not_before, For::pace, lane, &slot);
      if (!slot.trunk && has_more) consider(*slot.not_before, For::stagger, lane, &slot);
    }
  }
}

std::optional<Instant> Rollout::wakes_at() const {
  std::optional<Instant> earliest;
  each_wait([&](Instant until, Wait::For, const Lane&, const Slot*) {
    earliest = earliest ? std::min(*earliest, until) : until;
  });
  return earliest;
}

std::optional<Wait> Rollout::next_wait() const {
  std::optional<Wait> first;
  each_wait([&](Instant until, Wait::For why, const Lane& lane, const Slot* slot) {
    if (first && first->until <= until) return;
    first = Wait{until, why, lane.label};
    if (why == Wait::For::opening) first->trunk = lane.waves[lane.wave].trunks[lane.next];
    if (why != Wait::For::pace) return;
    first->trunk = slot->trunk;
    first->who = slot->held_by;
  });
  return first;
}

}  // namespace trunkform::rollout
