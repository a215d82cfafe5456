#pragma once
// Vault or OpenBao as provider.vault and the operator's environment say: where it is, and who we are.
#include <functional>
#include <memory>

#include "cmd/engine/trust.hpp"
#include "cmd/trunkform/world.hpp"
#include "planner/language/configuration/configuration.hpp"
#include "providers/cloud/vault/client.hpp"

namespace trunkform::cli {

/// Opens nothing on the network. `provider` may be null, and is borrowed, as `read_secret` is, for the client's life.
/// Errors: no address; an address of the configuration that is not trusted; no credentials.
Result<std::unique_ptr<cloud::vault::Client>> open_vault(
    World& world, const engine::Trust& trust, const language::VaultProvider* provider,
    std::function<Result<SecretBuffer>(const language::Secret&)> read_secret);

}  // namespace trunkform::cli
