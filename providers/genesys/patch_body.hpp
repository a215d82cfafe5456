#pragma once
// The one body that this program ever sends to a trunk.
#include "schemas/ports/key_pair.hpp"

namespace trunkform::genesys {

/// `{"tls":{"certificate":…,"privateKey":…}}` and nothing else, ever: a whole trunk would overwrite settings that
/// changed meanwhile (the guide, section 4). Built in locked memory, byte by byte, because it holds the key.
SecretBuffer patch_body(const KeyPair& pair);

}  // namespace trunkform::genesys
