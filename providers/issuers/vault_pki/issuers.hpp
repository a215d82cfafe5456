#pragma once
// Whether an engine has somebody to sign, before anything is sent to it. Thread-safe.
#include <string>

#include "providers/cloud/vault/client.hpp"

namespace trunkform::issuers::vault_pki {

struct Signer {
  std::string issuer;        ///< name or id, of the configuration or the role; empty: nobody knows
  bool has_default = false;  ///< the engine
};

/// The list of issuers is for everybody to read, as the engine's certificate ("PKI secrets engine (API)",
/// unauthenticated endpoints); it is asked only where the default one is not enough. Errors: invalid_input: there is no
/// such issuer, or none at all; and those of `Client::read`.
Result<> has_issuer(const Context& context, cloud::vault::Client& client, const std::string& mount,
                    const Signer& signer);

}  // namespace trunkform::issuers::vault_pki
