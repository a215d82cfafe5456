#pragma once
// The same state, written anew: under another key, or for the first time under one.
#include <functional>
#include <string>
#include <vector>

#include "cmd/engine/locking.hpp"
#include "cmd/trunkform/run_command.hpp"
#include "state/backends/backend.hpp"

namespace trunkform::cli {

/// What is written is encrypted as `backend.seal` says by the time that `before_writing` returns. For who holds the
/// lock. Where there is no document yet, an empty one is written. Errors: `before_writing`'s, the backend's.
Result<StateToken> rewrite_state(Frame& frame, state::Backend& backend, const Fence& fence, const std::string& why,
                                 const std::function<Result<>()>& before_writing = {});

/// `init -migrate-state`, of a state that is in the clear where the configuration has a key: encrypts it, in all
/// workspaces. The names of those that it did.
Result<std::vector<std::string>> encrypt_states(Frame& frame, const language::BackendSettings& settings);

}  // namespace trunkform::cli
