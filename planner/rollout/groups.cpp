#include "planner/rollout/groups.hpp"

#include <map>

namespace trunkform::rollout {

void put_blue_after_green(std::vector<Task>& tasks, const std::vector<const Binding*>& bindings) {
  std::map<std::string, TrunkIndex> greens;
  for (TrunkIndex i = 0; i < tasks.size(); ++i)
    if (bindings[i]->colour == Colour::green && !tasks[i].rollback_due) greens.emplace(bindings[i]->group, i);
  for (TrunkIndex i = 0; i < tasks.size(); ++i) {
    const auto green = greens.find(bindings[i]->group);
    if (bindings[i]->colour == Colour::blue && green != greens.end()) tasks[i].after = {green->second};
  }
}

}  // namespace trunkform::rollout
