#pragma once
// Base64 with padding (RFC 4648 §4; OpenSSL's libcrypto) of what is no secret: providers/cloud/secret_base64 is for
// those. Pure.
#include <string>
#include <string_view>

namespace trunkform {

std::string encode_base64(std::string_view bytes);

}  // namespace trunkform
