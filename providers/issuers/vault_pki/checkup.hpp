#pragma once
// An engine and its role, looked at without having anything signed.
#include <string>
#include <vector>

#include "providers/cloud/vault/client.hpp"
#include "schemas/model/checkup.hpp"

namespace trunkform::issuers::vault_pki {

struct Examined {
  std::string mount;
  std::string role;
  std::string issuer;  ///< empty: the engine's default
};

/// The engine's certificates are for everybody to read; what the token may do is asked of `sys/capabilities-self`.
Checkup examine(const Context& context, cloud::vault::Client& client, const Examined& what);

/// For a plan: what the token lacks to have it signed, in words. What it may not read it is told nothing of. Errors:
/// invalid_input: there is no such engine, role or issuer, or an engine without issuers; and those of `Client::read`.
Result<std::vector<std::string>> foretell(const Context& context, cloud::vault::Client& client, const Examined& what);

}  // namespace trunkform::issuers::vault_pki
