#pragma once
// The secrets of services that blocks write to and read from, held against each other: what is shown to everybody must
// never be where a private key is or will be (docs/decisions/0381). Private to the room.
#include <vector>

#include "planner/language/configuration/registry.hpp"

namespace trunkform::language {

/// `certificates`: what is issued among them is left out, for its store is looked at.
void check_secret_places(const BlocksOfKind<StoreDeclaration>& stores,
                         const std::vector<CertificateDeclaration>& certificates, Problems& problems);

}  // namespace trunkform::language
