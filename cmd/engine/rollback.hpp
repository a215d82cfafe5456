#pragma once
// Going back by hand: what one address has now is quarantined for its trunk, and the newest earlier certificate that is
// still valid and stored takes its place. The same steps, in the same machine and at the carrier's pace, as when a
// rollout goes back by itself.
#include "cmd/engine/driver.hpp"
#include "cmd/engine/recovery.hpp"

namespace trunkform::engine {

struct RollbackInputs {
  const Binding& binding;
  const ResourceRecord& record;  ///< of the state, after recovery
  std::string organisation;      ///< id
  std::string reason;            ///< for the history and the quarantine
  DriveOptions drive;
};

struct RollbackResult {
  rollout::Phase phase = rollout::Phase::failed;  ///< `waiting`: stopped before its turn, nothing was touched
  TrunkResult result;
};

/// Writes events, not the document. Errors of the trunk are in the result.
Result<RollbackResult> roll_back(const Context& context, Hands hands, const RollbackInputs& inputs);

}  // namespace trunkform::engine
