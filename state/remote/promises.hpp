#pragma once
// Whether an engine does what its adapter says of it: servers differ, and a state under one that passes over a
// condition loses writes without a word.
#include "state/remote/ports.hpp"

namespace trunkform::state {

/// Tries it in a workspace of its own, which it removes again. Error: unsupported, with what does not hold.
Result<> probe_promises(const Context& context, const RemoteServices& services, const OpenEngine& open);

}  // namespace trunkform::state
