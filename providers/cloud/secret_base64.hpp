#pragma once
// Base64 (RFC 4648) in locked memory, without a copy elsewhere. Pure.
#include <optional>
#include <string_view>

#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::cloud {

/// §4, with padding.
SecretBuffer secret_base64(std::string_view bytes);
/// §5, for addresses and file names, without padding: as JSON Web Tokens have it (RFC 7515 §2).
SecretBuffer secret_base64url(std::string_view bytes);

/// Of §4, padded, without white space. None: it is no such thing.
std::optional<SecretBuffer> secret_from_base64(std::string_view text);
/// Of §5, with or without padding. None: it is no such thing.
std::optional<SecretBuffer> secret_from_base64url(std::string_view text);

}  // namespace trunkform::cloud
