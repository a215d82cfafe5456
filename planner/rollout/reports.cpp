// What came of a step, and what follows from it: the next step, the end of a trunk, a failure that counts.
#include <fmt/format.h>

#include "planner/rollout/rollout.hpp"

namespace trunkform::rollout {

void Rollout::report(const Step& step, Report report, Instant now) {
  auto& trunk = m_trunks[step.trunk];
  if (report == Report::uncertain && step.kind != StepKind::read_back) {
    stop(fmt::format("the outcome of {} is not known", to_string(m_tasks[step.trunk].address)));
    return end_trunk(step.trunk, Phase::uncertain, now);
  }
  switch (step.kind) {
    case StepKind::reserve:
      if (report == Report::pass && stopped()) return end_trunk(step.trunk, Phase::waiting, now);
      if (report == Report::pass) {
        trunk.next = m_tasks[step.trunk].rollback_due ? StepKind::roll_back : StepKind::check;
        return;
      }
      count_failure(step.trunk);
      return end_trunk(step.trunk, Phase::failed, now);
    case StepKind::check:
      if (report == Report::pass)
        trunk.next = StepKind::intend;
      else if (report == Report::already)
        end_trunk(step.trunk, Phase::done, now);
      else if (report == Report::unsettled) {
        end_trunk(step.trunk, Phase::soaking, now);
        trunk.bound_before = true;
        trunk.committed = true;  // no stagger, but a way back
      } else if (report == Report::stale)
        end_trunk(step.trunk, Phase::stale, now);
      else {
        count_failure(step.trunk);
        end_trunk(step.trunk, Phase::failed, now);
      }
      return;
    case StepKind::intend:
      if (report == Report::pass) {
        trunk.next = StepKind::patch;
        return;
      }
      stop("the event log cannot be written");
      return end_trunk(step.trunk, Phase::failed, now);
    case StepKind::patch:
      if (report == Report::stale) {
        trunk.concluded = Phase::stale;
        trunk.next = StepKind::conclude;
        return;
      }
      if (report != Report::pass) return fail(step.trunk, report);
      trunk.committed = true;
      trunk.next = StepKind::read_back;
      return;
    case StepKind::read_back:
      if (report == Report::fail || report == Report::foreign) return fail(step.trunk, report);
      trunk.inconclusive = report != Report::pass;
      trunk.next = m_tasks[step.trunk].probes ? StepKind::probe : StepKind::conclude;
      return;
    case StepKind::probe:
      if (report == Report::fail || report == Report::foreign) return fail(step.trunk, report);
      trunk.inconclusive = trunk.inconclusive || report == Report::inconclusive;
      trunk.next = StepKind::conclude;
      return;
    case StepKind::conclude:
      if (report != Report::pass) {
        stop("the event log cannot be written");
        return end_trunk(step.trunk, Phase::uncertain, now);
      }
      return end_trunk(step.trunk, trunk.concluded, now);
    case StepKind::settle:
      return after_settle(step.trunk, report, now);
    case StepKind::roll_back:
      return end_trunk(step.trunk, report == Report::pass ? Phase::rolled_back : Phase::failed, now);
  }
}

void Rollout::postpone(const Step& step, PaceWait wait) {
  m_trunks[step.trunk].next = step.kind;
  for (auto& slot : m_lanes[m_lane_of[step.trunk]].slots) {
    if (slot.trunk != step.trunk) continue;
    slot.not_before = wait.until;
    slot.held_by = std::move(wait.who);
    return;
  }
}

void Rollout::fail(TrunkIndex index, Report report) {
  auto& trunk = m_trunks[index];
  const auto& task = m_tasks[index];
  count_failure(index);
  // What somebody else bound says nothing against the chain: the next canary tries it.
  if (report != Report::foreign) note_failed_canary(index);
  trunk.concluded = Phase::failed;
  const bool back = report != Report::foreign && trunk.committed && task.policy.on_failure == OnFailure::rollback &&
                    task.can_roll_back;
  trunk.next = back ? StepKind::roll_back : StepKind::conclude;
}

void Rollout::after_settle(TrunkIndex index, Report report, Instant now) {
  if (report == Report::fail || report == Report::foreign) return fail(index, report);
  if (report != Report::pass) {
    m_trunks[index].inconclusive = true;
    if (m_tasks[index].policy.unreachable == Unreachable::stop)
      stop(fmt::format("{} could not be verified at the end of its soak", to_string(m_tasks[index].address)));
  }
  end_trunk(index, Phase::done, now);
}

void Rollout::count_failure(TrunkIndex index) {
  ++m_failures;
  const auto& policy = m_tasks[index].policy;
  if (policy.on_failure == OnFailure::proceed || m_failures <= static_cast<std::size_t>(policy.max_failures)) return;
  stop(fmt::format("{} failed; {} failure{} so far, and the rollout allows {} (max_failures)",
                   to_string(m_tasks[index].address), m_failures, m_failures == 1 ? "" : "s", policy.max_failures));
}

void Rollout::end_trunk(TrunkIndex index, Phase phase, Instant now) {
  auto& trunk = m_trunks[index];
  auto& lane = m_lanes[m_lane_of[index]];
  trunk.phase = phase;
  for (auto& slot : lane.slots) {
    if (slot.trunk != index) continue;
    slot.trunk.reset();
    // Settling changes nothing, unless it ends in a rollback.
    if (trunk.committed && (!lane.settling || phase != Phase::done))
      slot.not_before = now + m_tasks[index].policy.stagger;
  }
}

}  // namespace trunkform::rollout
