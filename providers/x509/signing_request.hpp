#pragma once
// What an issuer is asked to sign: PKCS#10 (RFC 2986). Thread-safe.
#include <string>
#include <vector>

#include "schemas/model/result.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::x509 {

/// DER, signed with `key` (unencrypted PEM) and SHA-256, or SHA-384 with P-384. The names stand in subjectAltName, in
/// their order, by `kind_of_name`; `common_name_of` them is the common name too, because some issuers want one; nothing
/// else is asked for. Error: invalid_input (the key, or a name that cannot be written).
Result<std::string> make_signing_request(const SecretBuffer& key, const std::vector<std::string>& names);

}  // namespace trunkform::x509
