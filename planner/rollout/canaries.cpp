// A chain goes to a lane behind a canary, also where the planned one drops out: docs/decisions/0225.
#include <algorithm>

#include "planner/rollout/rollout.hpp"

namespace trunkform::rollout {

void Rollout::prepare_trials(Lane& lane) {
  for (const auto& wave : lane.waves)
    for (const auto trunk : wave.trunks)
      if (!m_tasks[trunk].chain.empty() && m_tasks[trunk].policy.canary > 0) lane.trials[m_tasks[trunk].chain];
}

/// Null: no canary is needed.
Rollout::Trial* Rollout::trial_of(Lane& lane, TrunkIndex trunk) {
  const auto found = lane.trials.find(m_tasks[trunk].chain);
  return found == lane.trials.end() ? nullptr : &found->second;
}

/// Before a wave begins. One canary at a time: what it shows decides about the next.
void Rollout::put_canary_first(Lane& lane) {
  auto& wave = lane.waves[lane.wave];
  if (wave.canary) return;
  const auto untried = std::find_if(wave.trunks.begin(), wave.trunks.end(), [&](TrunkIndex trunk) {
    const auto* trial = trial_of(lane, trunk);
    return trial != nullptr && !trial->passed && !trial->failed;
  });
  if (untried == wave.trunks.end()) return;
  if (wave.trunks.size() == 1) {
    wave.canary = true;
    return;
  }
  const auto trunk = *untried;
  wave.trunks.erase(untried);
  lane.waves.insert(lane.waves.begin() + static_cast<std::ptrdiff_t>(lane.wave), Wave{{trunk}, true});
}

/// At once, for the wave may have more trunks than this one.
void Rollout::note_failed_canary(TrunkIndex trunk) {
  auto& lane = m_lanes[m_lane_of[trunk]];
  if (!lane.waves[lane.wave].canary) return;
  if (auto* trial = trial_of(lane, trunk); trial != nullptr && !trial->failed) trial->failed = trunk;
}

/// What was found bound already was never tried by us: that is no proof.
void Rollout::judge_canaries(Lane& lane) {
  if (!lane.waves[lane.wave].canary) return;
  for (const auto index : lane.waves[lane.wave].trunks) {
    const auto& trunk = m_trunks[index];
    if (trunk.phase != Phase::done || !trunk.committed) continue;
    if (auto* trial = trial_of(lane, index)) trial->passed = true;
  }
}

std::optional<TrunkIndex> Rollout::failed_canary(TrunkIndex trunk) const {
  if (m_trunks[trunk].phase != Phase::held || m_tasks[trunk].held) return std::nullopt;
  const auto& trials = m_lanes[m_lane_of[trunk]].trials;
  const auto found = trials.find(m_tasks[trunk].chain);
  return found == trials.end() ? std::nullopt : found->second.failed;
}

}  // namespace trunkform::rollout
