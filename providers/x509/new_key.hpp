#pragma once
// Private keys that are made here. Thread-safe.
#include "schemas/model/issuing.hpp"
#include "schemas/model/result.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::x509 {

/// Unencrypted PKCS#8 PEM, from OpenSSL's own source of randomness. Error: internal (OpenSSL's words).
Result<SecretBuffer> make_key(KeyType type);

}  // namespace trunkform::x509
