#pragma once
// Maintenance windows: when a write may start. Pure, except that IANA zones are read from the system's tzdata, each on
// first use. Thread-safe. The only header over Howard Hinnant's tz.
//
// A window opens at its local start on each of its days that is not excepted, and stays open for its length in elapsed
// time, over midnight and over clock changes alike. A start that a clock change skips opens at the change; one that
// happens twice opens the first time (docs/decisions/0171).
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/policy.hpp"
#include "schemas/model/result.hpp"
#include "schemas/model/time.hpp"

namespace trunkform::schedule {

/// Half open: [opens, closes).
struct Opening {
  Instant opens{};
  Instant closes{};
  friend bool operator==(const Opening&, const Opening&) = default;
};

struct WindowProblem {
  std::string_view argument;  ///< `days`, `start`, `for`, `timezone`, `except`
  Error error;                ///< invalid_input
};

/// What makes no sense about it, in the order of the arguments; nothing: it may be asked for openings. Windows are
/// judged here alone, when a configuration is read and when one that a saved plan brought is asked.
std::vector<WindowProblem> check_window(const Window& window);

/// All that `timezone` may be, for suggestions; empty where there is no tzdata.
std::vector<std::string> time_zone_names();

/// Up to `count` openings of all windows together, in order, overlapping and touching ones merged; the first is the one
/// open at `from`, else the next. Fewer where the windows do not open so often. Error: invalid_input for a bad window.
Result<std::vector<Opening>> next_openings(const std::vector<Window>& windows, Instant from, std::size_t count);

/// For people: `Sat 2026-12-12 02:00 EST`; in UTC where the zone is empty or not known here.
std::string local_text(Instant at, const std::string& timezone);

Result<bool> is_open(const std::vector<Window>& windows, Instant at);

}  // namespace trunkform::schedule
