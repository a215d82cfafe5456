#pragma once
// What a vault answers to whom it does not know: `WWW-Authenticate: Bearer authorization="…", resource="…"`. It is
// looked at to tell why, and never followed: who could answer in the vault's place would get a token for another one,
// or a credential for itself. Pure.
#include <optional>
#include <string>
#include <string_view>

#include "providers/cloud/azure/place.hpp"

namespace trunkform::cloud::azure {

struct Challenge {
  std::string authority_host;  ///< of `authorization` or `authorization_uri`; lower case
  std::string tenant;          ///< the first segment of its path
  std::string resource;        ///< `resource`, or `scope` without `/.default`
};

/// None: no challenge of scheme Bearer, or one that cannot be read.
std::optional<Challenge> parse_challenge(std::string_view header);

/// Who we ask for tokens. The tenant is empty where the identity has none to name: a managed one.
struct Authority {
  std::string host;
  std::string tenant;
};

/// Error: untrusted, where the resource is not the vault's, or the authority is foreign; denied, where the vault
/// belongs to another tenant.
Result<> check_challenge(const Challenge& challenge, const VaultPlace& vault, const Authority& ours);

}  // namespace trunkform::cloud::azure
