#include "cmd/engine/assembly.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "cmd/engine/records.hpp"
#include "planner/rollout/groups.hpp"
#include "planner/schedule/not_before.hpp"
#include "planner/schedule/soak.hpp"
#include "planner/schedule/waves.hpp"
#include "schemas/codec/plan_codec.hpp"

namespace trunkform::engine {
namespace {

rollout::TrunkIndex add(Assembly& all, rollout::Task task, TrunkWork one) {
  all.tasks.push_back(std::move(task));
  all.work.push_back(std::move(one));
  return all.tasks.size() - 1;
}

/// What is needed of a trunk that a plan is not about, to see how it is: by what is configured, or recorded.
std::optional<PlannedChange> as_left_out(const Binding& binding, const std::optional<Snapshot>& state) {
  PlannedChange change;
  change.address = binding.address;
  change.binding = binding;
  const auto* record = recorded(state, binding.address);
  if (const auto* by_id = std::get_if<TrunkById>(&binding.trunk))
    change.trunk_id = by_id->id;
  else if (record != nullptr && record->trunk_name == std::get<TrunkByName>(binding.trunk).name)
    change.trunk_id = record->trunk_id;
  if (!change.trunk_id) return std::nullopt;
  return change;
}

/// Those whose other trunk a plan of some addresses leaves out: it must be healthy all the same.
std::vector<PlannedChange> peers_left_out(const ApplyInputs& inputs) {
  std::set<std::string_view> planned;
  std::set<Address> addresses;
  for (const auto& change : inputs.plan.changes) {
    addresses.insert(change.address);
    if (change.binding && change.binding->colour != Colour::none) planned.insert(change.binding->group);
  }
  std::vector<PlannedChange> peers;
  if (planned.empty()) return peers;
  for (const auto& binding : *inputs.bindings)
    if (binding.colour != Colour::none && planned.contains(binding.group) && !addresses.contains(binding.address))
      if (auto peer = as_left_out(binding, inputs.state)) peers.push_back(std::move(*peer));
  return peers;
}

/// The other trunk of each blue-green group.
class Peers {
 public:
  Peers(const Plan& plan, const std::vector<PlannedChange>& left_out) {
    for (const auto* changes : {&plan.changes, &left_out})
      for (const auto& change : *changes)
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
schedule::ProvenChains proven_chains(const ApplyInputs& inputs) {
  schedule::ProvenChains proven;
  if (!inputs.state) return proven;
  proven.merge(schedule::proofs(*inputs.bindings, inputs.state->document.resources, inputs.leaving));
  return proven;
}

/// A green that this run does not do, or that has failed: blue carries the calls and is left alone.
bool is_held_by(const PlannedChange* green, const ApplyInputs& inputs, const Writes& writes) {
  if (green == nullptr) return false;
  const auto* record = recorded(inputs.state, green->address);
  return green->gate != Gate::none || (record != nullptr && record->failure) ||
         (green->writes() && !writes.by_address.contains(green->address));
}

/// One wave a carrier, before all others: what an earlier run bound and did not see the end of the soak of. A chain
/// that is not proven has its canary there.
void add_open_soaks(Assembly& all, const schedule::ProvenChains& proven) {
  std::map<std::string, rollout::TaskWave> waves;
  for (const auto& open : all.soaks.open) {
    const auto& binding = *open.change->binding;
    rollout::Task task{open.change->address, binding.rollout, binding.verify->tls.has_value(),
                       !binding.replace_compromised && !all.soaks.is_left_out(open)};
    task.soaks_until = open.ends;
    const auto& chain = open.record->chain->identity.chain;
    if (!proven.contains({binding.carrier->label, chain})) task.chain = to_hex(chain);
    TrunkWork work{open.change, open.record};
    work.settles = true;
    auto& wave = waves[binding.carrier->label];
    wave.lane = binding.carrier->label;
    wave.max_parallel = static_cast<std::size_t>(std::max(1, binding.carrier->max_parallel));
    wave.canary = true;
    wave.trunks.push_back(add(all, std::move(task), std::move(work)));
  }
  for (auto& [label, wave] : waves) all.waves.push_back(std::move(wave));
}

}  // namespace

bool is_paced(const Binding& binding, Paced paced) {
  return paced == Paced::yes && binding.rollout->stagger > Duration::zero();
}

schedule::SoaksOfRun soaks_to_see(const Plan& plan, const std::vector<Binding>& bindings,
                                  const std::vector<const PlannedChange*>& writes, const std::optional<Snapshot>& state,
                                  const std::set<Address>& leaving, Instant now) {
  if (!state || plan.refresh_only || plan.destroy) return {};
  auto soaks = schedule::soaks_of_run(bindings, plan.changes, writes, state->document.resources, leaving, now);
  if (soaks.open.empty()) return soaks;
  // A plan from a file may be about a binding, and its port, as they were.
  const BindingsByAddress configured(bindings);
  std::erase_if(soaks.open, [&](const auto& one) {
    const auto* binding = configured.find(one.change->address);
    return binding == nullptr || binding_digest(*binding) != binding_digest(*one.change->binding);
  });
  return soaks;
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
    if (!goes_back(due->second, binding) || !leaves_the_trunk_to_us(change.gate) || inputs.plan.refresh_only) continue;
    if (writes.by_address.contains(change.address)) continue;
    rollout::Task task{change.address, binding.rollout, false, true, is_paced(binding, paced), true};
    const auto index = add(all, std::move(task), {&change, prior, nullptr, due->second});
    all.waves.push_back({binding.carrier->label, {index}, 1});
  }
  return all;
}

Assembly assemble_waves(const ApplyInputs& inputs, const Writes& writes, Paced paced, Instant now) {
  Assembly all;
  all.peers_left_out = peers_left_out(inputs);
  const Peers peers(inputs.plan, all.peers_left_out);
  // The state is as it was before this run took back what was due.
  all.soaks = soaks_to_see(inputs.plan, *inputs.bindings, writes.all, inputs.state, inputs.leaving, now);
  const auto proven = proven_chains(inputs);
  add_open_soaks(all, proven);
  auto need_no_canary = proven;
  schedule::add_canaries(need_no_canary, all.soaks.open);
  for (const auto& wave : schedule::waves_of(writes.all, need_no_canary)) {
    rollout::TaskWave task_wave{wave.carrier, {}, wave.max_parallel, wave.canary};
    for (const auto& address : wave.addresses) {
      const auto& change = *writes.by_address.at(address);
      const auto& binding = *change.binding;
      const auto* prior = prior_of(inputs.state, change);
      rollout::Task task{address, binding.rollout, binding.verify->tls.has_value(),
                         !binding.replace_compromised && prior != nullptr, is_paced(binding, paced)};
      if (!proven.contains({wave.carrier, change.after->identity.chain})) task.chain = schedule::chain_key(change);
      task.opens = opens(change, inputs.plan);
      if (prior != nullptr && prior->chain->identity == change.after->identity)
        task.soaks_until = schedule::open_soak(*prior, binding, now);
      task.held = binding.colour == Colour::blue && is_held_by(peers.of(binding), inputs, writes);
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
  // What is bound already waits for nobody.
  for (std::size_t i = 0; i < all.tasks.size(); ++i)
    if (all.work[i].settles) all.tasks[i].after.clear();
  return all;
}

}  // namespace trunkform::engine
