#include "planner/schedule/window.hpp"

#include <algorithm>
#include <exception>

#include <date/tz.h>
#include <fmt/format.h>

namespace trunkform::schedule {
namespace {

using std::chrono::hours;
using Days = date::days;

constexpr Duration k_longest_window = hours(24 * 7);
/// Far enough for a weekly window to open twice; doubled where exceptions or merging ask for more.
constexpr Days k_first_horizon{16};
/// A window that has not opened for a year is one that does not open.
constexpr Days k_last_horizon{16 << 5};

/// Null: there is none of that name.
const date::time_zone* find_zone(const std::string& name) {
  try {
    // The library reads a file of that name: nothing may lead out of the zones' folder.
    if (name.empty() || name.front() == '/' || name.find("..") != std::string::npos) return nullptr;
    return date::locate_zone(name);
  } catch (const std::exception&) {
    return nullptr;
  }
}

std::optional<date::local_days> parse_local_date(const std::string& text) {
  const auto digits = [&](std::size_t from, std::size_t to) {
    return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(from), text.begin() + static_cast<std::ptrdiff_t>(to),
                       [](char c) { return c >= '0' && c <= '9'; });
  };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  if (!digits(0, 4) || !digits(5, 7) || !digits(8, 10)) return std::nullopt;
  const date::year_month_day day{date::year(std::stoi(text.substr(0, 4))),
                                 date::month(static_cast<unsigned>(std::stoi(text.substr(5, 2)))),
                                 date::day(static_cast<unsigned>(std::stoi(text.substr(8, 2))))};
  if (!day.ok()) return std::nullopt;
  return date::local_days(day);
}

/// A window made ready to be asked about many days.
class Calendar {
 public:
  static Result<Calendar> of(const Window& window) {
    if (auto problems = check_window(window); !problems.empty()) return std::move(problems.front().error);
    Calendar calendar;
    calendar.m_zone = find_zone(window.timezone);
    calendar.m_start = window.start;
    calendar.m_length = window.length;
    for (const int day : window.days) calendar.m_days[static_cast<std::size_t>(day)] = true;
    if (window.days.empty()) std::fill(std::begin(calendar.m_days), std::end(calendar.m_days), true);
    for (const auto& text : window.except) calendar.m_except.push_back(*parse_local_date(text));
    return calendar;
  }

  void add_openings(Instant from, Days horizon, std::vector<Opening>& openings) const {
    const auto today = date::floor<Days>(m_zone->to_local(std::chrono::floor<std::chrono::seconds>(from)));
    // An opening of some days ago may still be open.
    const auto look_back = date::ceil<Days>(m_length) + Days(1);
    for (auto day = today - look_back; day <= today + horizon; day += Days(1)) {
      if (!opens_on(day)) continue;
      const Instant opens = instant_of(day + m_start);
      openings.push_back({opens, opens + m_length});
    }
  }

 private:
  bool opens_on(date::local_days day) const {
    return m_days[date::weekday(day).c_encoding()] &&
           std::find(m_except.begin(), m_except.end(), day) == m_except.end();
  }

  Instant instant_of(date::local_time<std::chrono::minutes> local) const {
    const auto info = m_zone->get_info(local);
    // Skipped by a clock change: the change itself is the first moment that is not earlier.
    if (info.result == date::local_info::nonexistent)
      return std::chrono::time_point_cast<Duration>(Instant(info.first.end.time_since_epoch()));
    return Instant(local.time_since_epoch() - info.first.offset);
  }

  const date::time_zone* m_zone = nullptr;
  std::chrono::minutes m_start{};
  Duration m_length{};
  bool m_days[7] = {};
  std::vector<date::local_days> m_except;
};

std::vector<Opening> merged(std::vector<Opening> openings, Instant from) {
  std::sort(openings.begin(), openings.end(), [](const Opening& a, const Opening& b) { return a.opens < b.opens; });
  std::vector<Opening> result;
  for (const auto& opening : openings) {
    if (!result.empty() && opening.opens <= result.back().closes)
      result.back().closes = std::max(result.back().closes, opening.closes);
    else
      result.push_back(opening);
  }
  std::erase_if(result, [&](const Opening& opening) { return opening.closes <= from; });
  return result;
}

}  // namespace

std::vector<WindowProblem> check_window(const Window& window) {
  std::vector<WindowProblem> problems;
  const auto add = [&](std::string_view argument, std::string summary, std::string detail) {
    problems.push_back({argument, Error(ErrorCode::invalid_input, std::move(summary), std::move(detail))});
  };
  if (std::any_of(window.days.begin(), window.days.end(), [](int day) { return day < 0 || day > 6; }))
    add("days", "a window opens on a day that no week has", "days are \"sun\" to \"sat\"");
  if (window.start < hours(0) || window.start >= hours(24))
    add("start", "a window opens outside the day", "start is a local time, \"00:00\" to \"23:59\"");
  if (window.length <= Duration::zero() || window.length > k_longest_window)
    add("for", "a window is open for no time, or for more than seven days", "for is a duration such as \"4h\"");
  if (find_zone(window.timezone) == nullptr)
    add("timezone", fmt::format("there is no time zone \"{:.80}\"", window.timezone),
        "zones have IANA names such as \"America/New_York\", \"Europe/Berlin\" or \"UTC\"");
  for (const auto& text : window.except)
    if (!parse_local_date(text))
      add("except", fmt::format("\"{:.80}\" is no date", text), "dates are written \"2026-12-24\"");
  return problems;
}

std::vector<std::string> time_zone_names() {
  try {
    std::vector<std::string> names;
    for (const auto& zone : date::get_tzdb().zones) names.push_back(zone.name());
    return names;
  } catch (const std::exception&) {
    return {};  // no tzdata: no suggestions
  }
}

Result<std::vector<Opening>> next_openings(const std::vector<Window>& windows, Instant from, std::size_t count) {
  std::vector<Calendar> calendars;
  calendars.reserve(windows.size());
  for (const auto& window : windows) calendars.push_back(TRY(Calendar::of(window)));
  std::vector<Opening> result;
  for (auto horizon = k_first_horizon; horizon <= k_last_horizon; horizon *= 2) {
    std::vector<Opening> openings;
    for (const auto& calendar : calendars) calendar.add_openings(from, horizon, openings);
    result = merged(std::move(openings), from);
    // One more than asked for: only then is the last one's end not cut off by the horizon.
    if (calendars.empty() || result.size() > count) break;
  }
  if (result.size() > count) result.resize(count);
  return result;
}

std::string local_text(Instant at, const std::string& timezone) {
  const auto minute = std::chrono::floor<std::chrono::minutes>(at);
  const auto* zone = find_zone(timezone);
  if (zone == nullptr) return date::format("%a %F %R UTC", minute);
  return date::format("%a %F %R %Z", date::make_zoned(zone, minute));
}

Result<bool> is_open(const std::vector<Window>& windows, Instant at) {
  const auto openings = TRY(next_openings(windows, at, 1));
  return !openings.empty() && openings.front().opens <= at;
}

}  // namespace trunkform::schedule
