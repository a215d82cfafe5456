#pragma once
// A rollback that is to be done before anything else on its trunk.
#include <string>

#include "schemas/model/binding.hpp"

namespace trunkform::engine {

struct DueRollback {
  enum class Why {
    failed,   ///< what is bound was seen to be wrong; whether it goes back is the policy's to say
    decided,  ///< by a person, or by a run that was interrupted: whatever the policy says now
  };
  Why why = Why::failed;
  std::string reason;
  /// The intent to go back is still without outcome: until the run that does it, so that none loses it.
  bool intent_is_open = false;
};

/// Whether a rollback that is due is for the engine to do, or is left to people by the policy.
bool goes_back(const DueRollback& due, const Binding& binding);

}  // namespace trunkform::engine
