#pragma once
// SHA-256 of public data (OpenSSL's libcrypto). Thread-safe.
#include <string_view>

#include "schemas/model/identity.hpp"

namespace trunkform {

Fingerprint sha256(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);

}  // namespace trunkform
