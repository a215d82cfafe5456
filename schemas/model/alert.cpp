#include "schemas/model/alert.hpp"

#include <algorithm>
#include <array>

namespace trunkform {
namespace {

constexpr std::array<std::string_view, 11> k_kinds{
    "failed",   "rolled_back", "stopped", "deferred",  "awaiting_source",    "overdue",
    "expiring", "quarantined", "drifted", "recovered", "service_unreachable"};
constexpr std::array<std::string_view, 4> k_severities{"info", "warning", "error", "critical"};
constexpr std::array<std::string_view, 6> k_problems{"change", "expiry", "drift", "schedule", "run", "service"};

template <class E, std::size_t N>
std::optional<E> parse(const std::array<std::string_view, N>& words, std::string_view word) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return std::nullopt;
  return static_cast<E>(found - words.begin());
}

}  // namespace

std::string_view to_string(AlertKind kind) { return k_kinds.at(static_cast<std::size_t>(kind)); }
std::optional<AlertKind> parse_alert_kind(std::string_view word) { return parse<AlertKind>(k_kinds, word); }

const std::vector<std::string>& alert_kinds() {
  static const std::vector<std::string> words(k_kinds.begin(), k_kinds.end());
  return words;
}

std::string_view to_string(AlertSeverity severity) { return k_severities.at(static_cast<std::size_t>(severity)); }
std::string_view to_string(AlertProblem problem) { return k_problems.at(static_cast<std::size_t>(problem)); }
std::optional<AlertProblem> parse_alert_problem(std::string_view word) { return parse<AlertProblem>(k_problems, word); }

}  // namespace trunkform
