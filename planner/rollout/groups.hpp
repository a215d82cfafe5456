#pragma once
// Blue and green: docs/decisions/0223. Pure.
#include <vector>

#include "planner/rollout/rollout.hpp"

namespace trunkform::rollout {

/// Each blue waits for the green of its group, where that is one of the tasks: sets `Task::after`. `bindings` are those
/// of the tasks, in their order.
void put_blue_after_green(std::vector<Task>& tasks, const std::vector<const Binding*>& bindings);

}  // namespace trunkform::rollout
