#pragma once
// An ACME issuer of its block's arguments.
#include <map>
#include <memory>
#include <string>

#include "providers/issuers/acme/issuer.hpp"
#include "providers/issuers/registry.hpp"

namespace trunkform::issuers::acme {

/// Errors: invalid_input: arguments that do not go together. Asks nobody.
Result<std::unique_ptr<AcmeIssuer>> make(const std::map<std::string, std::string>& arguments,
                                         const Surroundings& around);

}  // namespace trunkform::issuers::acme
