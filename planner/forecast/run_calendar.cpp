#include "planner/forecast/run_calendar.hpp"

#include <algorithm>

namespace trunkform::forecast {
namespace {

constexpr std::size_t k_batch = 32;
constexpr Duration k_least_interval = std::chrono::minutes(1);

/// A window that cannot be read has none: schedule::defer ignores it, with a warning.
std::vector<schedule::Opening> openings_until(const std::vector<Window>& windows, Instant from, Instant end) {
  std::vector<schedule::Opening> openings;
  while (!windows.empty() && from <= end) {
    const auto more = schedule::next_openings(windows, from, k_batch);
    if (!more || more->empty()) break;
    openings.insert(openings.end(), more->begin(), more->end());
    if (more->size() < k_batch) break;
    from = openings.back().closes;
  }
  return openings;
}

}  // namespace

RunCalendar::RunCalendar(Instant start, Instant end, Duration every)
    : m_start(start), m_end(end), m_every(std::max(every, k_least_interval)) {}

RunCalendar::WindowsId RunCalendar::add(const std::vector<Window>& windows) {
  const auto known =
      std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& entry) { return *entry.windows == windows; });
  if (known != m_entries.end()) return static_cast<WindowsId>(known - m_entries.begin());
  m_entries.push_back({&windows, openings_until(windows, m_start, m_end)});
  return m_entries.size() - 1;
}

Instant RunCalendar::next_run(WindowsId windows, Instant from) const {
  const auto since = std::max(from - m_start, Duration::zero());
  const auto on_the_grid = m_start + m_every * ((since + m_every - Duration(1)) / m_every);
  const auto& openings = m_entries[windows].openings;
  const auto next = std::lower_bound(openings.begin(), openings.end(), from,
                                     [](const schedule::Opening& opening, Instant at) { return opening.opens < at; });
  return next == openings.end() ? on_the_grid : std::min(on_the_grid, next->opens);
}

std::optional<schedule::Opening> RunCalendar::opening_at(WindowsId windows, Instant at) const {
  const auto& openings = m_entries[windows].openings;
  const auto next =
      std::upper_bound(openings.begin(), openings.end(), at,
                       [](Instant when, const schedule::Opening& opening) { return when < opening.closes; });
  if (next == openings.end() || next->opens > at) return std::nullopt;
  return *next;
}

}  // namespace trunkform::forecast
