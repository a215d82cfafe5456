#pragma once
// What the state knows of a trunk, for people. Pure.
#include <string>

#include "cmd/trunkform/views/text_style.hpp"
#include "schemas/model/event.hpp"
#include "schemas/model/state.hpp"

namespace trunkform::views {

std::string record_text(const ResourceRecord& record, const TextStyle& style, Instant now);

/// What a run began at an address and has not recorded the end of: a row below its record, or, where it has none yet,
/// the whole entry. `at_work`: who runs now, for people; empty: that run was interrupted.
std::string unfinished_text(const Intent& intent, const ResourceRecord* record, const std::string& at_work,
                            const TextStyle& style, Instant now);

}  // namespace trunkform::views
