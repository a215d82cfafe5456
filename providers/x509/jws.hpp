#pragma once
// Signatures of JSON Web Signature (RFC 7515) and the public key as a JSON Web Key (RFC 7517), for those who log in
// with a key: ACME accounts, tokens of authorities. Thread-safe.
#include <string>
#include <string_view>

#include "schemas/model/result.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::x509 {

struct JwsKey {
  std::string algorithm;  ///< RFC 7518 §3.1: `ES256`, `ES384`, `RS256`
  /// Required members alone, in order, without spaces: what its thumbprint is made of (RFC 7638 §3).
  std::string jwk;
};

/// `key`: unencrypted, PEM or DER. Errors: invalid_input: unreadable, or neither ECDSA P-256, P-384 nor RSA of at least
/// 2048 bits.
Result<JwsKey> jws_key_of(const SecretBuffer& key);

/// By the key's algorithm over `input` (`BASE64URL(header) . BASE64URL(payload)`), as octets: of ECDSA r and s, each of
/// the curve's size (RFC 7518 §3.4). Not encoded.
Result<std::string> sign_jws(const SecretBuffer& key, std::string_view input);

}  // namespace trunkform::x509
