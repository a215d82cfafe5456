#pragma once
// What a run is about, as the machine takes it: the soaks that earlier runs left open, then the waves of what is
// written. The driver and the forecast begin here, so they agree. Pure.
#include <vector>

#include "planner/rollout/rollout.hpp"
#include "planner/schedule/not_before.hpp"
#include "planner/schedule/soak.hpp"
#include "planner/schedule/waves.hpp"

namespace trunkform::rollout {

/// Borrows; `writes` and `soaks` are of different addresses.
struct RunScope {
  const std::vector<const PlannedChange*>& writes;
  const std::vector<schedule::OpenSoak>& soaks;
  const schedule::ProvenChains& proven;  ///< what needs no canary
  schedule::WindowRule windows = schedule::WindowRule::honour;
  Duration wait{};  ///< `-wait`
  Instant now{};
};

/// What a task is about.
struct TaskOrigin {
  const PlannedChange* change = nullptr;
  const schedule::OpenSoak* soak = nullptr;  ///< null: this run binds it
};

/// Whether a task may roll back, is paced or is held is for those to set who have the state and the backend.
struct RunTasks {
  std::vector<Task> tasks;
  std::vector<TaskOrigin> origins;  ///< as `tasks`
  std::vector<TaskWave> waves;
};

/// One wave a carrier for its open soaks, where a chain that is not proven has its canary; then those of
/// `schedule::waves_of`. Each blue waits for the green of its group, where this run writes both (docs/decisions/0223).
RunTasks make_run_tasks(const RunScope& scope);

}  // namespace trunkform::rollout
