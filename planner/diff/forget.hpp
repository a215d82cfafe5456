#pragma once
// A record that nothing binds any more is forgotten, never cleared: a trunk always needs a certificate.
#include "planner/diff/diff.hpp"

namespace trunkform::diff {

struct ForgetInput {
  const ResourceRecord& record;
  const Binding* binding = nullptr;   ///< `destroy`: the binding that is still in the configuration
  const LiveTrunk* trunk = nullptr;   ///< null: gone too
  const Address* bound_by = nullptr;  ///< another binding that has the trunk now
  bool bound_by_is_stopped = false;   ///< by a gate
  Cause cause = Cause::removed;
  Organisation organisation{};
  std::optional<Organisation> pinned_organisation{};
  Instant now{};
};

PlannedChange forget(const ForgetInput& input);

}  // namespace trunkform::diff
