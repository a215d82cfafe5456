#include "planner/language/configuration/version_constraint.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace trunkform::language {
namespace {

struct Version {
  std::array<int, 3> parts{};
  std::size_t count = 0;  ///< how many were written
};

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::optional<Version> parse_version(std::string_view text) {
  Version version;
  const auto* at = text.data();
  const auto* end = at + text.size();
  while (version.count < 3) {
    if (at == end || *at < '0' || *at > '9') return std::nullopt;
    const auto [stop, failure] = std::from_chars(at, end, version.parts[version.count++]);
    if (failure != std::errc()) return std::nullopt;
    at = stop;
    // `0.2.0-dev` counts as 0.2.0.
    if (at == end || *at == '-' || *at == '+') return version;
    if (*at++ != '.') return std::nullopt;
  }
  return std::nullopt;
}

std::optional<bool> holds(const Version& version, std::string_view operation, const Version& bound) {
  const auto& left = version.parts;
  const auto& right = bound.parts;
  if (operation.empty() || operation == "=") return left == right;
  if (operation == "!=") return left != right;
  if (operation == ">=") return left >= right;
  if (operation == ">") return left > right;
  if (operation == "<=") return left <= right;
  if (operation == "<") return left < right;
  if (operation != "~>") return std::nullopt;
  // Only the last part that is written may grow.
  for (std::size_t i = 0; i + 1 < bound.count; ++i)
    if (left[i] != right[i]) return false;
  return left >= right;
}

}  // namespace

Result<bool> satisfies(std::string_view version_text, std::string_view constraints) {
  const auto version = parse_version(version_text);
  if (!version) return Error(ErrorCode::internal, fmt::format("\"{}\" is no version", version_text));
  bool all = true;
  for (std::size_t at = 0; at <= constraints.size();) {
    const auto comma = std::min(constraints.find(',', at), constraints.size());
    const auto part = trimmed(constraints.substr(at, comma - at));
    at = comma + 1;
    const auto digits = std::min(part.find_first_of("0123456789"), part.size());
    const auto bound = parse_version(part.substr(digits));
    const auto result = bound ? holds(*version, trimmed(part.substr(0, digits)), *bound) : std::nullopt;
    if (!result)
      return Error(ErrorCode::invalid_input, fmt::format("\"{}\" is no version constraint", part))
          .hint("write for example \">= 0.1, < 2\" or \"~> 0.1\"");
    all = all && *result;
  }
  return all;
}

}  // namespace trunkform::language
