#include "planner/rollout/rollout.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace trunkform::rollout {

std::string_view to_string(StepKind kind) {
  switch (kind) {
    case StepKind::reserve:
      return "reserve";
    case StepKind::check:
      return "check";
    case StepKind::intend:
      return "intend";
    case StepKind::patch:
      return "patch";
    case StepKind::read_back:
      return "read_back";
    case StepKind::probe:
      return "probe";
    case StepKind::conclude:
      return "conclude";
    case StepKind::settle:
      return "settle";
    case StepKind::roll_back:
      break;
  }
  return "roll_back";
}

Rollout::Rollout(std::vector<Task> tasks, std::vector<TaskWave> waves)
    : m_tasks(std::move(tasks)), m_trunks(m_tasks.size()), m_lane_of(m_tasks.size()) {
  std::map<std::string, std::size_t> lane_by_label;
  for (auto& wave : waves) {
    if (wave.trunks.empty()) continue;
    const auto [found, added] = lane_by_label.try_emplace(wave.lane, m_lanes.size());
    if (added) m_lanes.emplace_back().label = wave.lane;
    auto& lane = m_lanes[found->second];
    const auto slots = std::clamp<std::size_t>(wave.max_parallel, 1, m_tasks.size());
    lane.slots.resize(added ? slots : std::min(slots, lane.slots.size()));
    for (const auto trunk : wave.trunks) m_lane_of[trunk] = found->second;
    lane.waves.push_back({std::move(wave.trunks), wave.canary});
  }
  for (auto& lane : m_lanes) prepare_trials(lane);
}

bool Rollout::Lane::idle() const {
  return std::none_of(slots.begin(), slots.end(), [](const Slot& slot) { return slot.trunk.has_value(); });
}

std::vector<Step> Rollout::ready(Instant now) {
  const bool was_stopped = stopped();
  for (auto& lane : m_lanes) fill(lane, now);
  // The end of a wave may stop the rollout, and with it the soaks of the lanes that were filled before.
  if (stopped() && !was_stopped)
    for (auto& lane : m_lanes) fill(lane, now);
  std::vector<Step> steps;
  for (const auto& lane : m_lanes) {
    for (const auto& slot : lane.slots) {
      if (!slot.trunk) continue;
      auto& next = m_trunks[*slot.trunk].next;
      if (!next || (next == StepKind::reserve && slot.rests(now))) continue;
      steps.push_back({*next, *slot.trunk});
      next.reset();
    }
  }
  return steps;
}

void Rollout::fill(Lane& lane, Instant now) {
  while (!lane.done()) {
    if (!lane.settling) {
      if (stopped()) {
        give_up_waiting(lane);
        if (lane.idle()) finish_soak(lane, SoakEnd::cut_short);
        return;
      }
      start_trunks(lane, now);
      if (lane.next < lane.waves[lane.wave].trunks.size() || !lane.idle()) return;
      end_wave(lane, now);
      continue;
    }
    if (lane.soak_until && !stopped()) {
      if (now < *lane.soak_until) return;
      lane.soak_until.reset();
    }
    // A soak that a stop cut short shows nothing; what has begun to settle is finished.
    if (!lane.soak_until) start_settling(lane);
    if (!lane.idle()) return;
    next_wave(lane);
  }
}

Rollout::Readiness Rollout::readiness(Lane& lane, TrunkIndex index, Instant now) {
  const auto& task = m_tasks[index];
  if (task.held) {
    m_trunks[index].phase = Phase::held;
    return Readiness::never;
  }
  if (const auto* trial = trial_of(lane, index); trial != nullptr && trial->failed) {
    m_trunks[index].phase = Phase::held;
    return Readiness::never;
  }
  for (const auto green : task.after) {
    const auto phase = m_trunks[green].phase;
    if (phase == Phase::waiting || phase == Phase::running || phase == Phase::soaking) return Readiness::later;
    const bool accepted = m_tasks[green].policy.unreachable == Unreachable::accept;
    if (phase == Phase::done && (accepted || !m_trunks[green].inconclusive)) continue;
    m_trunks[index].phase = phase == Phase::deferred ? Phase::deferred : Phase::held;
    return Readiness::never;
  }
  const auto opens = task.opens ? task.opens(now) : now;
  if (opens <= now) return Readiness::ready;
  if (opens <= task.start_by) {
    lane.opens_at = opens;
    return Readiness::later;
  }
  m_trunks[index].phase = Phase::deferred;
  return Readiness::never;
}

/// In the order of the wave: what has to wait is waited for, what will not start any more is passed over.
std::optional<TrunkIndex> Rollout::take_next(Lane& lane, Instant now) {
  const auto& wave = lane.waves[lane.wave].trunks;
  lane.opens_at.reset();
  for (; lane.next < wave.size(); ++lane.next) {
    const auto index = wave[lane.next];
    const auto readiness = this->readiness(lane, index, now);
    if (readiness == Readiness::never) continue;
    if (readiness == Readiness::later) return std::nullopt;
    ++lane.next;
    return index;
  }
  return std::nullopt;
}

void Rollout::start_trunks(Lane& lane, Instant now) {
  if (lane.next == 0) put_canary_first(lane);
  // A rest that is over is nothing to wake up for.
  for (auto& slot : lane.slots)
    if (!slot.trunk && !slot.rests(now)) slot.not_before.reset();
  for (auto& slot : lane.slots) {
    if (slot.trunk || slot.not_before) continue;
    slot.trunk = take_next(lane, now);
    if (!slot.trunk) return;
    const auto& task = m_tasks[*slot.trunk];
    auto& trunk = m_trunks[*slot.trunk];
    trunk.phase = Phase::running;
    trunk.committed = task.rollback_due;
    trunk.next = task.paced ? StepKind::reserve : task.rollback_due ? StepKind::roll_back : StepKind::check;
  }
}

/// What only waits for the carrier's pace has not started.
void Rollout::give_up_waiting(Lane& lane) {
  lane.opens_at.reset();
  for (auto& slot : lane.slots) {
    if (!slot.trunk || m_trunks[*slot.trunk].next != StepKind::reserve) continue;
    m_trunks[*slot.trunk].phase = Phase::waiting;
    m_trunks[*slot.trunk].next.reset();
    slot.trunk.reset();
  }
}

/// Looking changes nothing, so no stagger is kept.
void Rollout::start_settling(Lane& lane) {
  const auto& wave = lane.waves[lane.wave].trunks;
  const auto settles = [&](TrunkIndex trunk) {
    return m_trunks[trunk].phase == Phase::soaking && m_tasks[trunk].probes;
  };
  for (auto& slot : lane.slots) {
    while (lane.next < wave.size() && !settles(wave[lane.next])) ++lane.next;
    if (lane.next == wave.size()) return;
    if (slot.trunk) continue;
    slot.trunk = wave[lane.next++];
    m_trunks[*slot.trunk].next = StepKind::settle;
  }
}

void Rollout::end_wave(Lane& lane, Instant now) {
  const auto& wave = lane.waves[lane.wave].trunks;
  const bool last = lane.wave + 1 == lane.waves.size();
  auto soak_until = now;
  bool probes = false;
  for (const auto index : wave) {
    if (m_trunks[index].phase != Phase::soaking) continue;
    const auto left = m_trunks[index].bound_before ? m_tasks[index].soaks_until : std::nullopt;
    soak_until = std::max(soak_until, left.value_or(now + m_tasks[index].policy.soak));
    probes = probes || m_tasks[index].probes;
    if (m_trunks[index].inconclusive && m_tasks[index].policy.unreachable == Unreachable::stop)
      stop(fmt::format("{} could not be verified", to_string(m_tasks[index].address)));
  }
  const bool is_awaited = std::any_of(m_tasks.begin(), m_tasks.end(), [&](const Task& task) {
    const auto blue = static_cast<TrunkIndex>(&task - m_tasks.data());
    return m_trunks[blue].phase == Phase::waiting && std::any_of(task.after.begin(), task.after.end(), [&](auto green) {
             return m_trunks[green].phase == Phase::soaking && std::find(wave.begin(), wave.end(), green) != wave.end();
           });
  });
  // After the last wave only a probe gives the soak something to find, or whoever waits for it elsewhere.
  if (last && !probes && !is_awaited) soak_until = now;
  if (stopped() || !(probes || soak_until > now)) return next_wave(lane);
  lane.settling = true;
  lane.next = 0;
  lane.soak_until = soak_until;
}

/// What this run bound is done all the same; of what it was only to look at nobody saw anything.
void Rollout::finish_soak(Lane& lane, SoakEnd end) {
  for (const auto index : lane.waves[lane.wave].trunks) {
    auto& trunk = m_trunks[index];
    if (trunk.phase != Phase::soaking) continue;
    trunk.phase = end == SoakEnd::cut_short && trunk.bound_before ? Phase::waiting : Phase::done;
  }
}

/// The stagger of the slots goes on: between two waves the longer of it and the soak counts.
void Rollout::next_wave(Lane& lane) {
  finish_soak(lane, stopped() ? SoakEnd::cut_short : SoakEnd::seen);
  judge_canaries(lane);
  lane.settling = false;
  lane.soak_until.reset();
  lane.next = 0;
  ++lane.wave;
}

void Rollout::stop(std::string reason) {
  if (!m_stop_reason) m_stop_reason = std::move(reason);
}

void Rollout::end_early(std::string reason) {
  if (stopped()) return;
  stop(std::move(reason));
  m_ended_early = true;
}

bool Rollout::finished() const {
  return std::all_of(m_lanes.begin(), m_lanes.end(),
                     [&](const Lane& lane) { return lane.done() || (lane.idle() && stopped() && !lane.settling); });
}

Rollout::Progress Rollout::progress() const {
  Progress progress;
  progress.total = m_trunks.size();
  for (const auto& trunk : m_trunks) {
    switch (trunk.phase) {
      case Phase::waiting:
        ++progress.waiting;
        break;
      case Phase::running:
        ++(trunk.next == StepKind::reserve ? progress.waiting : progress.running);
        break;
      case Phase::soaking:
        ++progress.soaking;
        break;
      default:
        ++progress.finished;
    }
  }
  return progress;
}

}  // namespace trunkform::rollout
