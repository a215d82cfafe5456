#include "cmd/engine/assembly.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "cmd/engine/records.hpp"
#include "planner/rollout/run_tasks.hpp"
#include "planner/schedule/soak.hpp"
#include "planner/schedule/waves.hpp"
#include "schemas/codec/plan_codec.hpp"

namespace trunkform::engine {
namespace {

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
  if (!inputs.state) return {};
  return schedule::proofs(*inputs.bindings, inputs.state->document.resources, inputs.leaving);
}

bool was_seen_to_fail(const ResourceRecord& record, const Binding& binding) {
  return binding.verify->tls && record.look && record.look->verdict == CheckVerdict::fail;
}

/// A green that this run does not do, or that has failed or was not seen: blue carries the calls and is left alone.
/// What this run does is seen by this run.
bool is_held_by(const PlannedChange* green, const Assembly& all, const ApplyInputs& inputs, const Writes& writes) {
  if (green == nullptr) return false;
  if (green->gate != Gate::none) return true;
  const bool is_done_here = writes.by_address.contains(green->address);
  if (green->writes() && !is_done_here) return true;
  const auto* record = recorded(inputs.state, green->address);
  if (record == nullptr || is_done_here) return false;
  const bool settles_here = std::any_of(all.soaks.open.begin(), all.soaks.open.end(),
                                        [&](const auto& open) { return open.change->address == green->address; });
  if (record->failure) return true;
  const auto& binding = *green->binding;
  return !settles_here && (was_seen_to_fail(*record, binding) || schedule::was_not_seen(*record, binding));
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

Assembly assemble_rollbacks(const ApplyInputs& inputs, const Writes& writes, Paced paced) {
  Assembly all;
  for (const auto& change : inputs.plan.changes) {
    const auto due = inputs.rollbacks_due.find(change.address);
    const auto* prior = prior_of(inputs.state, change);
    if (due == inputs.rollbacks_due.end() || prior == nullptr || !change.binding) continue;
    const auto& binding = *change.binding;
    if (!goes_back(due->second, binding) || !leaves_the_trunk_to_us(change.gate) || inputs.plan.refresh_only) continue;
    if (writes.by_address.contains(change.address)) continue;
    all.waves.push_back({binding.carrier->label, {all.tasks.size()}, 1});
    all.tasks.push_back({change.address, binding.rollout, false, true, is_paced(binding, paced), true});
    all.work.push_back({&change, prior, nullptr, due->second});
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
  const auto windows = inputs.plan.ignore_window ? schedule::WindowRule::ignore : schedule::WindowRule::honour;
  auto made = rollout::make_run_tasks({writes.all, all.soaks.open, proven, windows, inputs.wait, now});
  for (rollout::TrunkIndex i = 0; i < made.tasks.size(); ++i) {
    auto& task = made.tasks[i];
    const auto& [change, soak] = made.origins[i];
    const auto& binding = *change->binding;
    TrunkWork work{change, soak != nullptr ? soak->record : prior_of(inputs.state, *change)};
    task.can_roll_back = !binding.replace_compromised && work.prior != nullptr;
    if (soak != nullptr) {
      task.can_roll_back = task.can_roll_back && !all.soaks.is_left_out(*soak);
      work.settles = true;
    } else {
      task.paced = is_paced(binding, paced);
      if (work.prior != nullptr && work.prior->chain->identity == change->after->identity)
        task.soaks_until = schedule::open_soak(*work.prior, binding, now);
      work.peer = peers.of(binding);
      task.held = binding.colour == Colour::blue && is_held_by(work.peer, all, inputs, writes);
    }
    all.work.push_back(std::move(work));
  }
  all.tasks = std::move(made.tasks);
  all.waves = std::move(made.waves);
  return all;
}

}  // namespace trunkform::engine
