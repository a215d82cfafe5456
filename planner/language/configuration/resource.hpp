#pragma once
// `genesys_trunk_certificate`: one block, many bindings. Private to the room.
#include <vector>

#include "planner/language/configuration/registry.hpp"

namespace trunkform::language {

/// The instances of one resource. Every mistake is reported once, however many instances there are; a block without
/// instances is checked all the same.
std::vector<Binding> read_bindings(const Block& block, const Body& body, const Registry& registry, const Scope& scope,
                                   Problems& problems);

/// Of all bindings together: each blue-green group has one green and one blue.
void check_groups(const std::vector<Binding>& bindings, Problems& problems);

}  // namespace trunkform::language
