#pragma once
// Base64 with padding (RFC 4648 §4; OpenSSL's libcrypto). Pure.
#include <optional>
#include <string>
#include <string_view>

#include "schemas/ports/secret_buffer.hpp"

namespace trunkform {

std::string encode_base64(std::string_view bytes);

/// The same of secrets, in locked memory. Line ends are passed over; none for anything else that is not base64.
SecretBuffer encode_secret_base64(const SecretBuffer& bytes);
std::optional<SecretBuffer> decode_secret_base64(std::string_view text);

}  // namespace trunkform
