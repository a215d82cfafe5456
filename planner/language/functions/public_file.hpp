#pragma once
// Files whose content becomes a value. Values are shown: in plans, states, outputs and logs. Pure but for the host.
#include <string>

#include "schemas/ports/function_host.hpp"

namespace trunkform::language {

/// Errors: invalid_input, where the file holds a private key (private_keys.hpp); what the host says.
Result<std::string> read_public_file(FunctionHost& host, const std::string& path);

}  // namespace trunkform::language
