#pragma once
// Time as the whole program speaks it: UTC instants and durations in milliseconds, never bare integers.
// Time is an argument of every pure function; only the Clock port reads one.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace trunkform {

using Duration = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<Duration>;

/// RFC 3339 in UTC with second precision, `2026-11-24T23:07:34Z`; milliseconds only where there are any.
std::string to_rfc3339(Instant instant);

/// Reads RFC 3339 with `Z` or a numeric offset; nullopt for anything else, including impossible dates.
std::optional<Instant> parse_rfc3339(std::string_view text);

/// `2026-11-24`, for people.
std::string to_date(Instant instant);

/// The configuration's durations: Go-like with days, `30d`, `1h30m`, `90s`, `250ms`, `0`. No sign, no spaces, units
/// in descending order, each at most once; nullopt for anything else and for what exceeds a hundred years.
std::optional<Duration> parse_duration(std::string_view text);

/// The shortest spelling that `parse_duration` reads back to the same value: `30d`, `1h30m`, `0s`.
std::string to_string(Duration duration);

/// For people, one or two units: `29 days`, `3 h 20 min`, `45 s`.
std::string to_words(Duration duration);

}  // namespace trunkform
