#pragma once
// Whether a vault can be reached, who we are there, and how long that lasts. Reads no secret.
#include "providers/cloud/vault/client.hpp"
#include "schemas/model/checkup.hpp"

namespace trunkform::cloud::vault {

/// Of `auth/token/lookup-self`, which a token may be forbidden to ask.
Checkup examine(const Context& context, Client& client);

}  // namespace trunkform::cloud::vault
