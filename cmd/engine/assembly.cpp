#include "cmd/engine/assembly.hpp"

#include <algorithm>

#include "cmd/engine/records.hpp"
#include "planner/rollout/groups.hpp"
#include "planner/schedule/not_before.hpp"
#include "planner/schedule/soak.hpp"
#include "planner/schedule/waves.hpp"

namespace trunkform::engine {
namespace {

rollout::TrunkIndex add(Assembly& all, rollout::Task task, TrunkWork one) {
  all.tasks.push_back(std::move(task));
  all.work.push_back(std::move(one));
  return all.tasks.size() - 1;
}

/// The other trunk of each blue-green group.
class Peers {
 public:
  explicit Peers(const Plan& plan) {
    for (const auto& change : plan.changes)
      if (change.binding && change.binding->colour != Colour::none)
        (change.binding->colour == Colour::green ? m_greens : m_blues)[change.binding->group] = &change;
  }

  const PlannedChange* of(const Binding& binding) const {
    if (binding.colour == Colour::none) return nullptr;
    const auto& others = binding.colour == Colour::green ? m_blues : m_greens;
    const auto peer = others.find(binding.group);
    return peer == others.end() ? nullptr : peer->second;
  }

 private:
  std::map<std::string, const PlannedChange*> m_greens, m_blues;
};

/// What was seen behind a port of a carrier, whoever bound it.
schedule::ProvenChains proven_chains(const ApplyInputs& inputs, const schedule::OpenSoaks& soaks) {
  schedule::ProvenChains proven;
  if (!inputs.state) return proven;
  soaks.add_to(proven);
  for (const auto& change : inputs.plan.changes)
    if (change.binding) schedule::add_proof(proven, *change.binding, inputs.state->document.resources);
  return proven;
}

/// One wave a carrier, before all others: what an earlier run bound and did not see the end of the soak of.
void add_open_soaks(Assembly& all, const schedule::OpenSoaks& soaks) {
  std::map<std::string, rollout::TaskWave> waves;
  for (const auto& open : soaks.all()) {
    const auto& binding = *open.change->binding;
    rollout::Task task{open.change->address, binding.rollout, binding.verify->tls.has_value(),
                       !binding.replace_compromised};
    task.soaks_until = open.ends;
    TrunkWork work{open.change, open.record};
    work.settles = true;
    auto& wave = waves[binding.carrier->label];
    wave.lane = binding.carrier->label;
    wave.max_parallel = static_cast<std::size_t>(std::max(1, binding.carrier->max_parallel));
    wave.trunks.push_back(add(all, std::move(task), std::move(work)));
  }
  for (auto& [label, wave] : waves) all.waves.push_back(std::move(wave));
}

}  // namespace

bool is_paced(const Binding& binding, Paced paced) {
  return paced == Paced::yes && binding.rollout->stagger > Duration::zero();
}

rollout::Opens opens(const PlannedChange& change, const Plan& plan) {
  const auto windows = plan.ignore_window ? schedule::WindowRule::ignore : schedule::WindowRule::honour;
  return [&change, windows](Instant now) { return schedule::next_start(change, windows, now); };
}

Assembly assemble_rollbacks(const ApplyInputs& inputs, const Writes& writes, Paced paced) {
  Assembly all;
  for (const auto& change : inputs.plan.changes) {
    const auto due = inputs.rollbacks_due.find(change.address);
    const auto* prior = prior_of(inputs.state, change);
    if (due == inputs.rollbacks_due.end() || prior == nullptr || !change.binding) continue;
    const auto& binding = *change.binding;
    if (!goes_back(due->second, binding) || writes.by_address.contains(change.address)) continue;
    rollout::Task task{change.address, binding.rollout, false, true, is_paced(binding, paced), true};
    const auto index = add(all, std::move(task), {&change, prior, nullptr, due->second});
    all.waves.push_back({binding.carrier->label, {index}, 1});
  }
  return all;
}

Assembly assemble_waves(const ApplyInputs& inputs, const Writes& writes, Paced paced, Instant now) {
  static const std::map<Address, ResourceRecord> k_nothing;
  Assembly all;
  const Peers peers(inputs.plan);
  const schedule::OpenSoaks soaks(inputs.plan.changes, inputs.state ? inputs.state->document.resources : k_nothing,
                                  now);
  add_open_soaks(all, soaks);
  for (const auto& wave : schedule::waves_of(writes.all, proven_chains(inputs, soaks))) {
    rollout::TaskWave task_wave{wave.carrier, {}, wave.max_parallel};
    for (const auto& address : wave.addresses) {
      const auto& change = *writes.by_address.at(address);
      const auto& binding = *change.binding;
      const auto* prior = prior_of(inputs.state, change);
      rollout::Task task{address, binding.rollout, binding.verify->tls.has_value(),
                         !binding.replace_compromised && prior != nullptr, is_paced(binding, paced)};
      task.opens = opens(change, inputs.plan);
      if (prior != nullptr && prior->chain->identity == change.after->identity)
        task.soaks_until = schedule::open_soak(*prior, binding, now);
      task.why_later = [&change](Instant at) { return schedule::why_not_before(change, at); };
      task_wave.trunks.push_back(add(all, std::move(task), {&change, prior, peers.of(binding)}));
      all.start_by = std::max(all.start_by, schedule::start_by(binding, inputs.wait, now));
    }
    all.waves.push_back(std::move(task_wave));
  }
  std::vector<const Binding*> bindings;
  bindings.reserve(all.work.size());
  for (const auto& work : all.work) bindings.push_back(&*work.change->binding);
  rollout::put_blue_after_green(all.tasks, bindings);
  return all;
}

}  // namespace trunkform::engine
