#pragma once
// `state_encryption` of the `trunkform` block: where the key of a state is, never what it is. Private to the room.
#include <optional>

#include "planner/language/configuration/body.hpp"
#include "planner/language/configuration/configuration.hpp"
#include "planner/language/configuration/problems.hpp"

namespace trunkform::language {

/// Into `encryption`, where `settings` has such a block. A second one is a mistake: a state has one key.
void read_state_encryption(const Body& settings, std::optional<StateEncryption>& encryption, Problems& problems);

}  // namespace trunkform::language
