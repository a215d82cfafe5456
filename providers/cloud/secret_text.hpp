#pragma once
// Secrets put together and cut in locked memory. Pure.
#include <initializer_list>
#include <string_view>

#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::cloud {

/// One after the other: `Bearer ` and a token.
SecretBuffer joined(std::initializer_list<std::string_view> parts);

/// Without spaces and line ends around it: a file of a secret ends with a line feed as often as not.
std::string_view trimmed(std::string_view text);

}  // namespace trunkform::cloud
