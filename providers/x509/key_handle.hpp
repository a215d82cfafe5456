#pragma once
// Private keys as OpenSSL's objects, in and out of text. Inside this room only; on a wiped stack.
#include "providers/x509/handles.hpp"
#include "schemas/model/result.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::x509::detail {

/// Unencrypted, PEM or DER. Error: invalid_input.
Result<KeyHandle> open_key(const SecretBuffer& key);

/// Unencrypted PKCS#8 PEM. Error: invalid_input.
Result<SecretBuffer> pkcs8_pem_of(evp_pkey_st* key);

}  // namespace trunkform::x509::detail
