#pragma once
// `required_version`: `>= 0.1, < 2`, `~> 1.2`, as Terraform reads it. Pure. Private to the room.
#include <string_view>

#include "schemas/model/result.hpp"

namespace trunkform::language {

/// Error: invalid_input for what is no constraint.
Result<bool> satisfies(std::string_view version, std::string_view constraints);

}  // namespace trunkform::language
