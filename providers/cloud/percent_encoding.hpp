#pragma once
// Text as part of an address (RFC 3986 §2.1). Pure.
#include <string>
#include <string_view>

#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::cloud {

/// All but unreserved characters, and those in `kept`, as `%XX` of their bytes.
std::string percent_encoded(std::string_view text, std::string_view kept = {});

/// The same of a secret, nothing kept, in locked memory: for forms (application/x-www-form-urlencoded).
SecretBuffer percent_encoded_secret(std::string_view text);

}  // namespace trunkform::cloud
