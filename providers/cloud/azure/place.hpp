#pragma once
// Which vault, and what its cloud asks for: by its address alone. Pure.
#include <string>
#include <string_view>

#include "schemas/model/result.hpp"

namespace trunkform::cloud::azure {

struct VaultPlace {
  std::string address;   ///< `https://sip.vault.azure.net`, without a slash at the end
  std::string host;      ///< `sip.vault.azure.net`, lower case
  std::string resource;  ///< `https://vault.azure.net`: whom its tokens are for
};

/// `vault` is a name in the public cloud (3 to 24 letters, digits and hyphens) or an address: `sip`,
/// `https://sip.vault.azure.cn`. Whom a token is for follows from the host, as in Microsoft's own clients, never from
/// what the vault says. Error: invalid_input.
Result<VaultPlace> vault_place(std::string_view vault);

}  // namespace trunkform::cloud::azure
