#include "schemas/model/trunk.hpp"

#include <algorithm>
#include <array>

namespace trunkform {
namespace {

bool equals_ignoring_case(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

constexpr std::array<std::string_view, 5> k_healthy_words{"active", "in_service", "connected", "enabled", "ok"};

}  // namespace

bool is_healthy_status(std::string_view status, const std::vector<std::string>& more) {
  const auto matches = [&](std::string_view word) { return equals_ignoring_case(status, word); };
  return std::any_of(k_healthy_words.begin(), k_healthy_words.end(), matches) ||
         std::any_of(more.begin(), more.end(), matches);
}

}  // namespace trunkform
