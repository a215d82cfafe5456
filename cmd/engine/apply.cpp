#include "cmd/engine/apply.hpp"

#include <algorithm>
#include <set>

#include "cmd/engine/records.hpp"
#include "state/document/fold.hpp"

namespace trunkform::engine {
namespace {

using rollout::Phase;

class Applying {
 public:
  Applying(const Context& context, Hands hands, StateStore& store, const ApplyInputs& inputs)
      : m_context(context), m_hands(hands), m_store(store), m_inputs(inputs) {}

  Result<ApplySummary> run() {
    const auto planned = static_cast<std::size_t>(std::count_if(
        m_inputs.plan.changes.begin(), m_inputs.plan.changes.end(), [](const auto& change) { return change.writes(); }));
    TRY(m_hands.log.append({RunStarted{"apply", planned, m_inputs.reason}}));
    choose_writes();
    check_keys();
    if (!apply_to_state_alone()) return finish();
    roll_out();
    return finish();
  }

 private:
  const Context& m_context;
  Hands m_hands;
  StateStore& m_store;
  const ApplyInputs& m_inputs;
  ApplySummary m_summary;
  std::vector<const PlannedChange*> m_writes;
  std::map<Address, const PlannedChange*> m_write_by_address;

  const ResourceRecord* prior_of(const Address& address) const {
    if (!m_inputs.state) return nullptr;
    const auto found = m_inputs.state->document.resources.find(address);
    return found == m_inputs.state->document.resources.end() ? nullptr : &found->second;
  }

  bool write(std::vector<EventBody> bodies) {
    if (bodies.empty()) return true;
    auto written = m_hands.log.append(std::move(bodies));
    if (!written) m_summary.errors.push_back(std::move(written.error()));
    return written.has_value();
  }

  /// What may be written now; the rest waits for its `not_before`.
  void choose_writes() {
    const auto now = m_hands.clock.now();
    std::vector<EventBody> deferred;
    for (const auto& change : m_inputs.plan.changes) {
      if (change.gate != Gate::none) ++m_summary.excluded;
      if (!change.writes()) continue;
      if (change.not_before && *change.not_before > now) {
        deferred.emplace_back(Deferred{change.address, *change.not_before});
        ++m_summary.deferred;
        continue;
      }
      m_writes.push_back(&change);
      m_hands.keys.expect(change);
    }
    (void)write(std::move(deferred));
  }

  /// Every key of the run is fetched and judged before the first PATCH; one that fails excludes its address alone.
  void check_keys() {
    std::erase_if(m_writes, [&](const PlannedChange* change) {
      auto pair = m_hands.keys.pair_for(m_context, *change);
      if (pair) return false;
      auto error = std::move(pair.error());
      if (error.address.empty()) error.address = to_string(change->address);
      m_summary.errors.push_back(std::move(error));
      m_hands.keys.done_with(*change);
      return true;
    });
    for (const auto* change : m_writes) m_write_by_address.emplace(change->address, change);
  }

  bool apply_to_state_alone() {
    std::vector<EventBody> bodies;
    const auto now = m_hands.clock.now();
    for (const auto& change : m_inputs.plan.changes) {
      if (change.gate != Gate::none) continue;
      const auto* prior = prior_of(change.address);
      if (change.action == Action::adopt) {
        bodies.emplace_back(Adopted{record_after_adopt(change, prior, now), false});
        ++m_summary.adopted;
      } else if (change.action == Action::forget) {
        bodies.emplace_back(Forgotten{change.address, std::string(to_string(change.cause))});
        ++m_summary.forgotten;
      } else if (prior != nullptr) {
        if (auto record = record_after_upkeep(change, *prior)) bodies.emplace_back(Adopted{std::move(*record), false});
      }
    }
    return write(std::move(bodies));
  }

  void roll_out() {
    std::vector<rollout::Task> tasks;
    std::vector<const PlannedChange*> changes;
    std::vector<const ResourceRecord*> priors;
    std::vector<rollout::TaskWave> waves;
    for (const auto& wave : m_inputs.plan.waves) {
      rollout::TaskWave task_wave{wave.carrier, {}};
      for (const auto& address : wave.addresses) {
        const auto found = m_write_by_address.find(address);
        if (found == m_write_by_address.end()) continue;
        const auto& binding = *found->second->binding;
        task_wave.trunks.push_back(tasks.size());
        const bool can_roll_back = !binding.replace_compromised && prior_of(address) != nullptr;
        tasks.push_back({address, binding.rollout, binding.verify.tls.has_value(), can_roll_back});
        changes.push_back(found->second);
        priors.push_back(prior_of(address));
      }
      waves.push_back(std::move(task_wave));
    }
    rollout::Rollout machine(std::move(tasks), std::move(waves));
    StepRunner runner(m_hands, std::move(changes), std::move(priors), m_inputs.drive.lock_lost);
    drive(machine, runner, m_hands.clock, m_inputs.drive);
    sum_up(machine, runner);
  }

  void sum_up(const rollout::Rollout& machine, const StepRunner& runner) {
    m_summary.stopped = machine.stopped();
    if (machine.stopped()) m_summary.stop_reason = machine.stop_reason();
    for (rollout::TrunkIndex i = 0; i < machine.tasks().size(); ++i) {
      AddressOutcome outcome{machine.tasks()[i].address, machine.phase(i), machine.inconclusive(i), runner.result(i)};
      m_summary.inconclusive = m_summary.inconclusive || outcome.inconclusive;
      switch (outcome.phase) {
        case Phase::done:
          ++(m_write_by_address.at(outcome.address)->action == Action::create ? m_summary.created : m_summary.updated);
          break;
        case Phase::rolled_back: ++m_summary.rolled_back; break;
        case Phase::stale: ++m_summary.stale; break;
        case Phase::waiting: ++m_summary.not_started; break;
        default: ++m_summary.failed;
      }
      m_summary.outcomes.push_back(std::move(outcome));
    }
  }

  std::map<std::string, OutputRecord> outputs() const {
    std::map<std::string, OutputRecord> records;
    for (const auto& output : m_inputs.plan.outputs)
      if (output.action != Action::remove) records[output.name] = {output.json, output.type, output.sensitive};
    return records;
  }

  Result<ApplySummary> finish() {
    (void)write({RunFinished{m_summary.created + m_summary.updated, m_summary.failed, m_summary.deferred, m_summary.stopped}});
    auto token = commit_events(m_store, m_inputs.fence, m_inputs.state, m_inputs.lineage, m_hands.log,
                               m_inputs.plan.organisation, outputs());
    if (token) m_summary.state = *token;
    else {
      auto error = Error(ErrorCode::io, "the state document could not be written",
                         "nothing is lost: the event log has every step, and the next run folds it in");
      error.causes.push_back(std::move(token.error()));
      error.hints.emplace_back("mend the cause, then run: trunkform apply");
      m_summary.errors.push_back(std::move(error));
    }
    return std::move(m_summary);
  }
};

}  // namespace

Result<ApplySummary> apply_plan(const Context& context, Hands hands, StateStore& store, const ApplyInputs& inputs) {
  return Applying(context, hands, store, inputs).run();
}

bool has_upkeep(const Plan& plan, const std::optional<Snapshot>& state) {
  if (!state) return false;
  const auto& records = state->document.resources;
  return std::any_of(plan.changes.begin(), plan.changes.end(), [&](const PlannedChange& change) {
    const auto found = records.find(change.address);
    return change.gate == Gate::none && found != records.end() && record_after_upkeep(change, found->second);
  });
}

Result<StateToken> commit_events(StateStore& store, const Fence& fence,
                                 const std::optional<Snapshot>& before, const std::string& lineage, const RunLog& log,
                                 const std::optional<Organisation>& organisation,
                                 std::optional<std::map<std::string, OutputRecord>> outputs) {
  // The end of a run is written even when it was asked to stop
  const auto events = log.written();
  const auto document = state::fold(before ? before->document : StateDocument{}, events);
  std::set<Address> touched;
  for (const auto& event : events) {
    if (const auto* address = address_of(event.body)) touched.insert(*address);
    if (const auto* moved = std::get_if<Moved>(&event.body)) touched.insert(moved->from);
  }
  StateDelta delta;
  for (const auto& address : touched) {
    const auto found = document.resources.find(address);
    if (found != document.resources.end()) delta.upserts.push_back(found->second);
    else if (before && before->document.resources.contains(address)) delta.removals.push_back(address);
  }
  delta.organisation = organisation;
  delta.outputs = std::move(outputs);
  delta.folded_through = log.last();
  return store.commit(Context{}, fence, before ? before->token : StateToken{lineage, 0}, delta);
}

}  // namespace trunkform::engine
