#pragma once
// The state for programs: public facts, no PEM. Not the state's own format (docs/formats/state.md), which may change
// with its number; this is schemas/published/state.schema.json. Pure.
#include <optional>
#include <string>

#include "schemas/model/state.hpp"

namespace trunkform::views {

/// `state` may be null: nothing was ever written.
std::string state_json(const StateDocument* state);

}  // namespace trunkform::views
