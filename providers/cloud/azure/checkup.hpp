#pragma once
// Whether a key vault can be reached, who we are there, and how long that lasts. Reads no secret's value.
#include "providers/cloud/azure/client.hpp"
#include "schemas/model/checkup.hpp"

namespace trunkform::cloud::azure {

/// `path` (`secrets/sip`): whose versions are listed, which the least of the roles allows that a run needs there.
Checkup examine(const Context& context, Client& client, const VaultPlace& vault, const std::string& path);

}  // namespace trunkform::cloud::azure
