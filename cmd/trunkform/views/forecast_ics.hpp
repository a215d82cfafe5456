#pragma once
// A forecast as an iCalendar object (RFC 5545): an event for each rotation, and one with alarms for each lapse. The
// same rotation has the same UID in each run, so that a calendar that subscribes updates instead of doubling. Pure.
#include "cmd/trunkform/views/forecast_rows.hpp"

namespace trunkform::views {

std::string forecast_ics(const ForecastDocument& document);

/// One content line: folded at 75 octets, never within a character, ended by CRLF (RFC 5545 §3.1).
std::string ics_line(std::string_view name, std::string_view value);
/// A value of type TEXT (RFC 5545 §3.3.11). Control characters and invalid UTF-8 are made harmless.
std::string ics_text(std::string_view text);

}  // namespace trunkform::views
