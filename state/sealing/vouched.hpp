#pragma once
// What goes with a box without being in it ("associated data"): whoever moves a box to another place has another. Pure.
// docs/formats/encryption.md.
#include <map>
#include <string>
#include <string_view>

#include "schemas/model/event.hpp"
#include "schemas/model/state.hpp"

namespace trunkform::state {

/// Of the head of `document.sealed`, which vouches for all else that it has.
std::string vouched_for_head(const StateDocument& document, const std::string& workspace);
std::string vouched_for_row(const std::string& lineage, const std::string& workspace, const std::string& id);
std::string vouched_for_event(const std::string& workspace, const std::string& key, Sequence sequence);
std::string vouched_for_text(std::string_view kind, const std::string& workspace);

}  // namespace trunkform::state
