#pragma once
// Files whose content becomes a value. Values are shown: in plans, states, outputs and logs. Pure but for the host.
#include <string>
#include <string_view>

#include "schemas/ports/function_host.hpp"

namespace trunkform::language {

/// Whether these bytes hold a private key, as it is kept in files: PEM of any kind, or PKCS #1, PKCS #8 (encrypted,
/// too), SEC 1 and PKCS #12 in DER. Other formats (PuTTY's, Java's, JWK) are not looked for. By the beginning of the
/// structure, so that what is broken further on counts too.
bool holds_private_key(std::string_view bytes);

/// Errors: invalid_input, where the file holds a private key; what the host says.
Result<std::string> read_public_file(FunctionHost& host, const std::string& path);

}  // namespace trunkform::language
