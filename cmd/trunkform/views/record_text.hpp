#pragma once
// What the state knows of a trunk, for people. Pure.
#include <string>

#include "cmd/trunkform/views/text_style.hpp"
#include "schemas/model/state.hpp"

namespace trunkform::views {

std::string record_text(const ResourceRecord& record, const TextStyle& style, Instant now);

}  // namespace trunkform::views
