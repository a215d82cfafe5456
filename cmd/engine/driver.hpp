#pragma once
// Runs a rollout: asks the machine what is ready, does it on worker threads, tells the machine what came of it, sleeps
// on the Clock port until the next stagger or soak ends. One call, one rollout. Time passes by the clock alone, so a
// virtual one runs hours of soaking in no time.
#include <functional>
#include <stop_token>

#include "cmd/engine/step_runner.hpp"
#include "planner/rollout/rollout.hpp"

namespace trunkform::engine {

/// For the live view: called by the driving thread whenever something changed and at least once a second.
using ProgressListener = std::function<void(const rollout::Rollout&)>;

struct DriveOptions {
  std::size_t parallelism = 10;       ///< steps at the same time; 1: on the calling thread
  std::stop_token stop;               ///< once: finish the trunk in hand
  std::stop_token abandon;            ///< twice: give up what runs at its next safe point
  std::stop_token lock_lost;          ///< stop before the next write
  std::optional<Instant> deadline{};  ///< `-deadline`: from then on no trunk starts and no soak is waited for
  ProgressListener progress;          ///< may be empty
};

void drive(rollout::Rollout& machine, StepRunner& runner, Clock& clock, const DriveOptions& options);

}  // namespace trunkform::engine
