#pragma once
// The `trunkform` and `provider` blocks. Private to the room.
#include "planner/language/configuration/reader.hpp"

namespace trunkform::language {

/// All `trunkform` blocks: versions are checked, the backend is returned.
BackendSettings read_settings(const std::vector<Body>& bodies, const std::string& version, Problems& problems);

std::optional<GenesysProvider> read_genesys(BodyReader& reader);
std::optional<VaultProvider> read_vault(BodyReader& reader);

}  // namespace trunkform::language
