#pragma once
// The keys of a state as trunkform.state_encryption says them: read, and ready to wrap.
#include <functional>

#include "planner/language/configuration/configuration.hpp"
#include "providers/cloud/vault/client.hpp"
#include "schemas/ports/random.hpp"
#include "schemas/ports/secret_buffer.hpp"
#include "state/sealing/state_keys.hpp"

namespace trunkform::cli {

struct StateKeyServices {
  /// Errors: untrusted, not_found.
  std::function<Result<SecretBuffer>(const language::Secret&)> read_secret;
  /// As the environment says, as it does for a state's backend: the rest of the configuration may need the state.
  std::function<Result<cloud::vault::Client*>()> vault;
  Random& random;  ///< borrowed for the keys' life
};

/// Errors: `services`'; invalid_input (a passphrase that is too short).
Result<state::StateKeys> open_state_keys(const language::StateEncryption& settings, const StateKeyServices& services);

}  // namespace trunkform::cli
