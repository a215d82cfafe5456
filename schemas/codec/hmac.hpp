#pragma once
// HMAC-SHA256 (RFC 2104; OpenSSL's libcrypto). Thread-safe.
#include <string_view>

#include "schemas/model/identity.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform {

/// OpenSSL wipes its copy of the key.
Fingerprint hmac_sha256(const SecretBuffer& key, std::string_view message);

/// The same as a key of its own, for codes that are keys of others (AWS Signature Version 4).
SecretBuffer derived_key(const SecretBuffer& key, std::string_view message);

}  // namespace trunkform
