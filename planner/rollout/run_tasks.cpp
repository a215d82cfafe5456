#include "planner/rollout/run_tasks.hpp"

#include <algorithm>
#include <string_view>

namespace trunkform::rollout {
namespace {

class Making {
 public:
  explicit Making(const RunScope& scope) : m_scope(scope) {}

  RunTasks make() {
    add_open_soaks();
    add_writes();
    put_blue_after_green();
    return std::move(m_made);
  }

 private:
  const RunScope& m_scope;
  RunTasks m_made;

  Task& add(TaskWave& wave, const TaskOrigin& origin) {
    const auto& binding = *origin.change->binding;
    wave.trunks.push_back(m_made.tasks.size());
    m_made.origins.push_back(origin);
    auto& task = m_made.tasks.emplace_back();
    task.address = origin.change->address;
    task.policy = binding.rollout;
    task.probes = binding.verify->tls.has_value();
    return task;
  }

  bool is_proven(const Binding& binding, const Fingerprint& chain) const {
    return m_scope.proven.contains({binding.carrier->label, chain});
  }

  void add_open_soaks() {
    std::map<std::string_view, TaskWave> by_carrier;
    for (const auto& open : m_scope.soaks) {
      const auto& binding = *open.change->binding;
      auto& wave = by_carrier[binding.carrier->label];
      wave.lane = binding.carrier->label;
      wave.max_parallel = static_cast<std::size_t>(std::max(1, binding.carrier->max_parallel));
      wave.canary = true;
      auto& task = add(wave, {open.change, &open});
      task.soaks_until = open.ends;
      const auto& chain = open.record->chain->identity.chain;
      if (!is_proven(binding, chain)) task.chain = to_hex(chain);
    }
    for (auto& [carrier, wave] : by_carrier) m_made.waves.push_back(std::move(wave));
  }

  void add_writes() {
    std::map<Address, const PlannedChange*> by_address;
    for (const auto* change : m_scope.writes) by_address.emplace(change->address, change);
    auto need_no_canary = m_scope.proven;
    schedule::add_canaries(need_no_canary, m_scope.soaks);
    for (const auto& planned : schedule::waves_of(m_scope.writes, need_no_canary)) {
      TaskWave wave{planned.carrier, {}, planned.max_parallel, planned.canary};
      for (const auto& address : planned.addresses) add_write(wave, *by_address.at(address));
      m_made.waves.push_back(std::move(wave));
    }
  }

  void add_write(TaskWave& wave, const PlannedChange& change) {
    const auto& binding = *change.binding;
    auto& task = add(wave, {&change});
    if (change.after == nullptr || !is_proven(binding, change.after->identity.chain))
      task.chain = schedule::chain_key(change);
    task.opens = [&change, windows = m_scope.windows](Instant now) {
      return schedule::next_start(change, windows, now);
    };
    task.why_later = [&change](Instant at) { return schedule::why_not_before(change, at); };
    task.start_by = schedule::start_by(binding, m_scope.wait, m_scope.now);
  }

  /// What is bound already waits for nobody.
  void put_blue_after_green() {
    std::map<std::string_view, TrunkIndex> greens;
    for (TrunkIndex i = 0; i < m_made.tasks.size(); ++i)
      if (binding_of(i).colour == Colour::green) greens.emplace(binding_of(i).group, i);
    for (TrunkIndex i = 0; i < m_made.tasks.size(); ++i) {
      if (binding_of(i).colour != Colour::blue || m_made.origins[i].soak != nullptr) continue;
      const auto green = greens.find(binding_of(i).group);
      if (green != greens.end()) m_made.tasks[i].after = {green->second};
    }
  }

  const Binding& binding_of(TrunkIndex index) const { return *m_made.origins[index].change->binding; }
};

}  // namespace

RunTasks make_run_tasks(const RunScope& scope) { return Making(scope).make(); }

}  // namespace trunkform::rollout
