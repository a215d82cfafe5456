#pragma once
// Base64 with padding (RFC 4648 §4; OpenSSL's libcrypto) of what is no secret: providers/cloud/secret_base64 is for
// those. Pure.
#include <optional>
#include <string>
#include <string_view>

namespace trunkform {

std::string encode_base64(std::string_view bytes);
/// None where it is not exactly what `encode_base64` gives.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace trunkform
