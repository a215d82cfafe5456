#include "cmd/engine/rollback.hpp"

#include "cmd/engine/assembly.hpp"

namespace trunkform::engine {

Result<RollbackResult> roll_back(const Context& context, Hands hands, const RollbackInputs& inputs) {
  const auto live = TRY(hands.api.get(context, inputs.record.trunk_id));
  PlannedChange change;
  change.address = inputs.record.address;
  change.binding = inputs.binding;
  change.trunk_id = inputs.record.trunk_id;
  change.trunk_name = live.name;
  change.trunk_status = live.status;
  TRY(hands.log.append({RunStarted{"rollback", 1, inputs.reason}}));
  rollout::Task task{change.address, inputs.binding.rollout, false, true};
  task.rollback_due = true;
  task.paced = is_paced(inputs.binding, hands.pacing == nullptr ? Paced::no : Paced::yes);
  rollout::Rollout machine({std::move(task)}, {{inputs.binding.carrier->label, {0}}});
  StepRunner runner(hands, {{&change, &inputs.record, nullptr, DueRollback{DueRollback::Why::decided, inputs.reason}}},
                    inputs.organisation, inputs.drive.lock_lost);
  drive(machine, runner, hands.clock, inputs.drive);
  RollbackResult done{machine.phase(0), runner.result(0)};
  const bool changed = done.phase == rollout::Phase::rolled_back;
  const bool begun = done.phase != rollout::Phase::waiting;
  TRY(hands.log.append({RunFinished{changed ? 1U : 0U, begun && !changed ? 1U : 0U, 0, machine.stopped()}}));
  return done;
}

}  // namespace trunkform::engine
