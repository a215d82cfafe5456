#pragma once
// One event as one line of JSON without its newline: docs/formats/events.md.
#include <optional>
#include <string>
#include <string_view>

#include "schemas/model/event.hpp"
#include "schemas/model/result.hpp"

namespace trunkform {

inline constexpr int k_event_format = 1;

/// Canonical: the same event gives the same bytes.
std::string encode_event(const Event& event);
/// Errors: corrupt (what and where), unsupported (a newer format, naming the version needed). Never throws.
Result<Event> decode_event(std::string_view line);

/// The fixed beginning of a line, read without parsing the rest: what a scan from the end of a log needs.
struct EventHead {
  Sequence sequence = 0;
  Fingerprint previous{};
};
/// None where the line does not begin as format 1 does.
std::optional<EventHead> peek_event(std::string_view line);

}  // namespace trunkform
