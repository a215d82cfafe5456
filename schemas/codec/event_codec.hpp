#pragma once
// One event as one line of JSON without its newline: docs/formats/events.md.
#include <string>
#include <string_view>

#include "schemas/model/event.hpp"
#include "schemas/model/result.hpp"

namespace trunkform {

std::string encode_event(const Event& event);
Result<Event> decode_event(std::string_view line);

}  // namespace trunkform
