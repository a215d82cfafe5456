#include "state/remote/event_keys.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace trunkform::state {
namespace {

/// So that a list begins with the newest, keys begin with what is left up to this number.
constexpr Sequence k_end = 999'999'999'999;

}  // namespace

std::string event_key(Sequence first) { return fmt::format("{:012}-{}", k_end - std::min(first, k_end), first); }

std::optional<Sequence> first_event_of(std::string_view key) {
  const auto digits = key.substr(key.rfind('-') + 1);
  const bool is_number = !digits.empty() && digits.size() <= 12 &&
                         std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (key.rfind('-') == std::string_view::npos || !is_number) return std::nullopt;
  Sequence number = 0;
  for (const char c : digits) number = number * 10 + static_cast<Sequence>(c - '0');
  return number;
}

}  // namespace trunkform::state
