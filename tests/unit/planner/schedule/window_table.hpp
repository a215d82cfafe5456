#pragma once
// window_table.txt, read: what is asked of windows and deferrals, and what must be answered.
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "planner/schedule/window.hpp"

namespace trunkform::testing {

struct WindowCase {
  std::string name;
  std::multimap<std::string, std::string> lines;  ///< by their first word

  bool has(const std::string& key) const { return lines.contains(key); }
  /// Precondition: it has it.
  const std::string& text(const std::string& key) const { return lines.find(key)->second; }
  std::optional<Instant> instant(const std::string& key) const {
    if (!has(key)) return std::nullopt;
    return parse_rfc3339(text(key));
  }
  std::vector<Window> windows() const {
    std::vector<Window> windows;
    const auto [first, last] = lines.equal_range("window");
    for (auto line = first; line != last; ++line) windows.push_back(window(line->second));
    return windows;
  }
  std::vector<schedule::Opening> opens() const {
    std::vector<schedule::Opening> openings;
    const auto [first, last] = lines.equal_range("opens");
    for (auto line = first; line != last; ++line) {
      const auto gap = line->second.find(' ');
      openings.push_back(
          {parse_rfc3339(line->second.substr(0, gap)).value(), parse_rfc3339(line->second.substr(gap + 1)).value()});
    }
    return openings;
  }

  /// `sat,sun 02:00 4h America/New_York -2026-12-24`
  static Window window(const std::string& line) {
    static const std::string k_days = "sunmontuewedthufrisat";
    std::istringstream words(line);
    std::string days, start, length, word;
    Window window;
    words >> days >> start >> length >> window.timezone;
    if (days != "any")
      for (std::size_t at = 0; at < days.size(); at += 4)
        window.days.push_back(static_cast<int>(k_days.find(days.substr(at, 3)) / 3));
    window.start = std::chrono::hours(std::stoi(start.substr(0, 2))) + std::chrono::minutes(std::stoi(start.substr(3)));
    window.length = parse_duration(length).value();
    while (words >> word) window.except.push_back(word.substr(1));
    return window;
  }
};

/// In the order of the file; tests run at the repository's root.
inline std::vector<WindowCase> read_window_table() {
  std::ifstream file("tests/unit/planner/schedule/window_table.txt");
  std::vector<WindowCase> cases;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    const auto gap = std::min(line.find(' '), line.size());
    const auto key = line.substr(0, gap);
    const auto rest = gap < line.size() ? line.substr(gap + 1) : std::string();
    if (key == "case")
      cases.push_back({rest, {}});
    else
      cases.back().lines.emplace(key, rest);
  }
  return cases;
}

}  // namespace trunkform::testing
