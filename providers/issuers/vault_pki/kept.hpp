#pragma once
// The certificates that the engine keeps, to find one again whose answer was lost. Thread-safe.
#include <optional>
#include <string>

#include "providers/cloud/vault/client.hpp"
#include "schemas/ports/issuer.hpp"

namespace trunkform::issuers::vault_pki {

/// A certificate for `order` with the chain of its issuer, as PEM, that is not revoked. `mount` is percent-encoded.
/// None: there is none, the policy does not let us look, the role keeps none (`no_store`), or there are too many to
/// look through.
std::optional<std::string> find_kept(const Context& context, cloud::vault::Client& vault, const std::string& mount,
                                     const IssueOrder& order);

}  // namespace trunkform::issuers::vault_pki
