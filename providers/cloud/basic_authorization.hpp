#pragma once
// HTTP Basic (RFC 7617) in locked memory from beginning to end.
#include <string_view>

#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::cloud {

/// `Basic ` and base64 of `user:password`.
SecretBuffer basic_authorization(std::string_view user, const SecretBuffer& password);

}  // namespace trunkform::cloud
