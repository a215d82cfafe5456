#pragma once
// Whether a mount is a PKI engine, before anything is sent to it. Thread-safe.
#include <string>

#include "providers/cloud/vault/client.hpp"

namespace trunkform::issuers::vault_pki {

struct Engine {
  bool has_default = false;  ///< an issuer that signs where none is named
};

/// A key/value engine of version 1 takes a request for a signature as a new value of the secret `sign/ROLE`. `ca/pem`
/// is for everybody to read, whatever the token's policy says ("PKI secrets engine (API)", unauthenticated endpoints),
/// and no other engine answers it so. Errors: invalid_input: another engine, or none; and those of `Client::read`.
Result<Engine> answers_as_engine(const Context& context, cloud::vault::Client& client, const std::string& mount);

}  // namespace trunkform::issuers::vault_pki
