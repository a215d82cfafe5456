#include "planner/schedule/window_fit.hpp"

#include <algorithm>
#include <map>

#include "planner/schedule/window.hpp"

namespace trunkform::schedule {
namespace {

using ByAddress = std::map<Address, const PlannedChange*>;

Instant own_time(const PlannedChange& change, Instant now) { return std::max(now, change.not_before.value_or(now)); }

/// How far a carrier is: as `estimate` has it, on a clock.
struct Lane {
  LateTrunks found;
  std::optional<Instant> last_turn;  ///< of its last trunk so far
  Instant soaked{};                  ///< the end of its last soak

  Instant start_of(const Wave& wave) const { return last_turn ? std::max(soaked, *last_turn + wave.stagger) : soaked; }
};

/// The first trunk of the carrier, and what is open then.
Lane lane_of(const std::string& carrier, const std::vector<Wave>& waves, const ByAddress& by_address, Instant now,
             const SoaksLeft& before) {
  Lane lane;
  lane.found.carrier = carrier;
  lane.found.starts = Instant::max();
  const PlannedChange* first = nullptr;
  for (const auto& wave : waves) {
    if (wave.carrier != carrier) continue;
    for (const auto& address : wave.addresses) {
      ++lane.found.all;
      const auto* change = by_address.at(address);
      if (own_time(*change, now) >= lane.found.starts) continue;
      first = change;
      lane.found.starts = own_time(*change, now);
    }
  }
  if (const auto left = before.find(carrier); left != before.end())
    lane.found.starts = std::max(lane.found.starts, now + left->second);
  lane.soaked = lane.found.starts;
  if (first == nullptr || first->binding->rotate->windows.empty()) return lane;
  const auto openings = next_openings(first->binding->rotate->windows, lane.found.starts, 1);
  if (openings && !openings->empty() && openings->front().opens <= lane.found.starts)
    lane.found.closes = openings->front().closes;
  return lane;
}

void add_turn(Lane& lane, const PlannedChange& change, Instant turn, WindowRule windows, Instant now) {
  if (change.binding->rotate->windows.empty() || own_time(change, now) > turn) return;
  const auto at = next_start(change, windows, turn);
  if (at <= start_by(*change.binding, Duration::zero(), turn)) return;
  if (lane.found.late++ == 0) {
    lane.found.until = at;
    lane.found.timezone = change.binding->rotate->windows.front().timezone;
  }
  lane.found.last_turn = turn;
}

/// Calls `visit(lane, change, turn)` for each trunk, in the order of the waves.
template <class Visit>
std::vector<Lane> walk(const std::vector<PlannedChange>& changes, const std::vector<Wave>& waves, Instant now,
                       const SoaksLeft& before, Visit visit) {
  ByAddress by_address;
  for (const auto& change : changes) by_address.emplace(change.address, &change);
  std::vector<Lane> lanes;
  for (const auto& wave : waves) {
    if (wave.addresses.empty()) continue;
    auto lane =
        std::find_if(lanes.begin(), lanes.end(), [&](const auto& one) { return one.found.carrier == wave.carrier; });
    if (lane == lanes.end()) lane = lanes.insert(lanes.end(), lane_of(wave.carrier, waves, by_address, now, before));
    const auto start = lane->start_of(wave);
    const auto slots = std::max<std::size_t>(1, wave.max_parallel);
    auto turn = start;
    for (std::size_t i = 0; i < wave.addresses.size(); ++i) {
      turn = start + wave.stagger * static_cast<Duration::rep>(i / slots);
      visit(*lane, *by_address.at(wave.addresses[i]), turn);
    }
    lane->last_turn = turn;
    lane->soaked = turn + wave.soak;
  }
  return lanes;
}

}  // namespace

std::vector<LateTrunks> late_for_window(const std::vector<PlannedChange>& changes, const std::vector<Wave>& waves,
                                        WindowRule windows, Instant now, const SoaksLeft& before) {
  if (windows == WindowRule::ignore) return {};
  auto lanes = walk(changes, waves, now, before, [&](Lane& lane, const PlannedChange& change, Instant turn) {
    add_turn(lane, change, turn, windows, now);
  });
  std::vector<LateTrunks> late;
  for (auto& lane : lanes)
    if (lane.found.late > 0) late.push_back(std::move(lane.found));
  return late;
}

std::map<Address, Instant> turns(const std::vector<PlannedChange>& changes, const std::vector<Wave>& waves, Instant now,
                                 const SoaksLeft& before) {
  std::map<Address, Instant> found;
  walk(changes, waves, now, before,
       [&](const Lane&, const PlannedChange& change, Instant turn) { found.emplace(change.address, turn); });
  return found;
}

}  // namespace trunkform::schedule
