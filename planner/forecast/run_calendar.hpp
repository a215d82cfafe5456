#pragma once
// When somebody runs apply: at the start, every so often from then on, and whenever a window opens. Openings are asked
// of schedule:: once for each set of windows.
#include <optional>
#include <vector>

#include "planner/schedule/window.hpp"

namespace trunkform::forecast {

class RunCalendar {
 public:
  RunCalendar(Instant start, Instant end, Duration every);

  using WindowsId = std::size_t;
  WindowsId add(const std::vector<Window>& windows);

  /// The first run at `from` or later.
  Instant next_run(WindowsId windows, Instant from) const;
  std::optional<schedule::Opening> opening_at(WindowsId windows, Instant at) const;

 private:
  struct Entry {
    const std::vector<Window>* windows;
    std::vector<schedule::Opening> openings;
  };
  Instant m_start;
  Instant m_end;
  Duration m_every;
  std::vector<Entry> m_entries;
};

}  // namespace trunkform::forecast
