#include "planner/language/configuration/problems.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace trunkform::language {

void Problems::add(Severity severity, Error error) {
  m_has_errors = m_has_errors || severity == Severity::error;
  // Whoever knows better has said it; nobody is left without a next step.
  if (severity == Severity::error && error.hints.empty())
    error.hints.emplace_back("docs/configuration.md says what may stand here; trunkform validate looks again");
  if (error.source) {
    auto& place = m_places[{error.source->file, error.source->start.offset}];
    const auto known = place.by_summary.find(error.summary);
    if (known != place.by_summary.end()) {
      ++m_items[known->second].more;
      return;
    }
    if (place.by_summary.size() == k_told_at_one_place) {
      ++m_items[place.first].more;
      return;
    }
    if (place.by_summary.empty()) place.first = m_items.size();
    place.by_summary.emplace(error.summary, m_items.size());
  }
  m_items.push_back({{severity, std::move(error)}, 0});
}

void Problems::append(const Diagnostics& diagnostics) {
  for (const auto& item : diagnostics) add(item.severity, item.error);
}

void Problems::add_unknown(Error error) {
  if (m_tells_unknowns && m_unknown.size() < k_told_at_one_place) m_unknown.push_back(std::move(error));
}

Diagnostics Problems::finish(Unknowns unknowns, const std::vector<std::string>& files) {
  if (!m_has_errors && unknowns == Unknowns::refused)
    for (auto& error : m_unknown) add(Severity::error, std::move(error));
  const auto rank = [&](const Item& item) {
    const auto& source = item.diagnostic.error.source;
    if (!source) return std::tuple(std::ptrdiff_t{-1}, std::size_t{0});
    const auto file = std::find(files.begin(), files.end(), source->file) - files.begin();
    return std::tuple(std::ptrdiff_t{file}, source->start.offset);
  };
  std::stable_sort(m_items.begin(), m_items.end(),
                   [&](const Item& left, const Item& right) { return rank(left) < rank(right); });
  Diagnostics result;
  for (auto& item : m_items) {
    auto& error = item.diagnostic.error;
    if (item.more > 0) {
      if (!error.detail.empty()) error.detail += "; ";
      error.detail += fmt::format("{} more of this kind at the same place", item.more);
    }
    if (item.diagnostic.severity == Severity::error) {
      result.add(std::move(error));
    } else {
      result.warn(std::move(error));
    }
  }
  return result;
}

}  // namespace trunkform::language
