#pragma once
// Azure as provider.azure and the operator's environment say: who we are there. Which vaults get a token is asked for
// each of them (engine::Trust::allow_host, `azure`).
#include <functional>
#include <memory>

#include "cmd/engine/trust.hpp"
#include "cmd/trunkform/world.hpp"
#include "planner/language/configuration/configuration.hpp"
#include "providers/cloud/azure/client.hpp"

namespace trunkform::cli {

/// Who a run is for Azure. Asks nothing of the network. `provider` may be null, and is borrowed for the identity's
/// life, as what `read_secret` refers to. Errors: untrusted, for an authority that is nobody's, and for a tenant that
/// the configuration names and the operator does not; invalid_input for a way to log in whose application is not said.
Result<cloud::azure::Identity> azure_identity(
    World& world, const engine::Trust& trust, const language::AzureProvider* provider,
    const std::function<Result<SecretBuffer>(const language::Secret&)>& read_secret);

/// Key vaults, by that identity.
Result<std::unique_ptr<cloud::azure::Client>> open_azure(
    World& world, const engine::Trust& trust, const language::AzureProvider* provider,
    const std::function<Result<SecretBuffer>(const language::Secret&)>& read_secret);

}  // namespace trunkform::cli
