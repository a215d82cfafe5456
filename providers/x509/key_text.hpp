#pragma once
// The text around a private key: which block it is, and in which of the forms. Views and SecretBuffers only. Inside
// this room only. Thread-safe.
#include <string>
#include <string_view>

#include "schemas/model/result.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::x509::detail {

enum class KeyEncoding { pkcs8, encrypted_pkcs8, traditional, encrypted_traditional };

struct KeyText {
  KeyEncoding encoding = KeyEncoding::pkcs8;
  std::string_view whole;  ///< into the text; the block with its boundaries, or all of the DER
  std::string headers;     ///< RFC 1421: the cipher of an encrypted traditional key
  SecretBuffer der;        ///< as it stands, so perhaps encrypted
};

/// Error: invalid_input: none, several, or a form that is not read (with how to convert it).
Result<KeyText> find_key(std::string_view text);

}  // namespace trunkform::x509::detail
