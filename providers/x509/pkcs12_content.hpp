#pragma once
// A chain and its key under one password (.pfx, .p12; RFC 7292), read: as stores of secrets keep them. Old ones are
// encrypted with RC2, which OpenSSL 3 has in its legacy provider only; that is loaded for these files alone. Key bytes
// live in SecretBuffers, and OpenSSL works on a stack that is wiped. Thread-safe.
#include <string>

#include "schemas/model/result.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::x509 {

struct Pkcs12Content {
  std::string certificates_pem;  ///< every certificate, in the file's order
  SecretBuffer private_key;      ///< unencrypted PKCS #8 in PEM; empty where the file has none
};

/// Whether this is PKCS #12, in DER or as base64 of it.
bool is_pkcs12(const SecretBuffer& bytes);

/// The certificates; the key's bag is left closed. `bytes` is DER, or base64 of it; `password` may be empty. Errors:
/// invalid_input: damaged, wrong password, no certificate; unsupported: no legacy provider on this machine.
Result<std::string> certificates_in_pkcs12(const SecretBuffer& bytes, const SecretBuffer& password);

/// The key too. Error: also invalid_input for several keys.
Result<Pkcs12Content> open_pkcs12(const SecretBuffer& bytes, const SecretBuffer& password);

}  // namespace trunkform::x509
