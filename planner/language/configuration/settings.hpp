#pragma once
// The `trunkform` and `provider` blocks. Private to the room.
#include "planner/language/configuration/reader.hpp"

namespace trunkform::language {

/// All `trunkform` blocks: versions are checked, the backend is returned.
BackendSettings read_settings(const std::vector<Body>& bodies, const std::string& version, Problems& problems);

std::optional<GenesysProvider> read_genesys(BodyReader& reader);
std::optional<VaultProvider> read_vault(BodyReader& reader);
std::optional<AzureProvider> read_azure(BodyReader& reader);
/// A second way to log in, `block`, in an `auth` that has one already.
void refuse_second_method(BodyReader& reader, const Body& block);
std::optional<AwsProvider> read_aws(BodyReader& reader);

}  // namespace trunkform::language
