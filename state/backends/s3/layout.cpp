#include "state/backends/s3/layout.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace trunkform::state::s3 {
namespace {

/// A list comes in the order of keys, and only forward: so that the newest come first, keys begin with what is left up
/// to this number.
constexpr Sequence k_end = 999'999'999'999;

}  // namespace

Layout::Layout(const std::string& prefix, std::string workspace)
    : m_base(prefix.empty() ? "" : prefix + "/"), m_workspace(std::move(workspace)) {}

std::string Layout::event(const std::string& generation, Sequence first) const {
  return events(generation) + fmt::format("{:012}-{}", k_end - std::min(first, k_end), first);
}

std::optional<Sequence> first_event_of(std::string_view key) {
  const auto digits = key.substr(key.rfind('-') + 1);
  const bool is_number = !digits.empty() && digits.size() <= 12 &&
                         std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (key.rfind('-') == std::string_view::npos || !is_number) return std::nullopt;
  Sequence number = 0;
  for (const char c : digits) number = number * 10 + static_cast<Sequence>(c - '0');
  return number;
}

}  // namespace trunkform::state::s3
