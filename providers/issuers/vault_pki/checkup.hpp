#pragma once
// An engine and its role, looked at without having anything signed.
#include <string>

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

/// Whether the engine has this role and this issuer, where they may be read; who may not read them is told nothing.
/// Error: invalid_input: it has none of that name.
Result<> knows_these_names(const Context& context, cloud::vault::Client& client, const Examined& what);

}  // namespace trunkform::issuers::vault_pki
