#pragma once
// Runs a Rollout on a virtual clock: every step takes `step_time`, its report is the test's. Records what was started
// when.
#include <functional>
#include <vector>

#include "planner/rollout/rollout.hpp"

namespace trunkform::rollout {

struct Started {
  Step step;
  Instant at;
};

using Kinds = std::vector<StepKind>;
inline const RolloutPolicy k_default;

/// Nobody sleeps longer without looking up: signals and deadlines are heeded in between.
inline constexpr Duration k_tick = std::chrono::minutes(1);

/// All are deferred that open later.
inline std::vector<Task> starting_by(std::vector<Task> tasks, Instant start_by) {
  for (auto& task : tasks) task.start_by = start_by;
  return tasks;
}

struct VirtualRun {
  Rollout machine;
  std::function<Report(const Step&)> answer = [](const Step&) { return Report::pass; };
  std::function<void()> before_each = [] {};
  std::function<void()> after_ready = [] {};  ///< what is ready has begun
  PaceWait held{};                            ///< somebody has every carrier until then
  Duration step_time = std::chrono::seconds(1);
  Instant now{};
  std::vector<Started> started{};

  /// False where the machine neither finishes nor says when to wake it: a hang.
  bool run(std::size_t limit = 100000) {
    std::vector<std::pair<Instant, Step>> out;
    while (limit-- > 0) {
      before_each();
      for (const auto& step : machine.ready(now)) {
        started.push_back({step, now});
        out.emplace_back(now + step_time, step);
      }
      after_ready();
      if (out.empty()) {
        if (machine.finished()) return true;
        const auto wake = machine.wakes_at();
        if (!wake || *wake <= now) return false;
        now = std::min(*wake, now + k_tick);
        continue;
      }
      const auto [at, step] = out.front();
      out.erase(out.begin());
      now = std::max(now, at);
      if (step.kind == StepKind::reserve && now < held.until)
        machine.postpone(step, held);
      else
        machine.report(step, answer(step), now);
    }
    return false;
  }

  std::vector<StepKind> steps_of(TrunkIndex trunk) const {
    std::vector<StepKind> kinds;
    for (const auto& entry : started)
      if (entry.step.trunk == trunk) kinds.push_back(entry.step.kind);
    return kinds;
  }

  std::size_t patches() const {
    std::size_t number = 0;
    for (const auto& entry : started) number += entry.step.kind == StepKind::patch ? 1U : 0U;
    return number;
  }

  std::optional<Instant> when(TrunkIndex trunk, StepKind kind) const {
    for (const auto& entry : started)
      if (entry.step.trunk == trunk && entry.step.kind == kind) return entry.at;
    return std::nullopt;
  }
};

inline std::vector<Task> make_tasks(std::size_t number, const RolloutPolicy& policy, bool probes, bool back = true) {
  std::vector<Task> tasks;
  for (std::size_t i = 0; i < number; ++i) {
    Address address;
    address.type = "genesys_trunk_certificate";
    address.name = "t" + std::to_string(i);
    tasks.push_back({address, policy, probes, back});
  }
  return tasks;
}

}  // namespace trunkform::rollout
