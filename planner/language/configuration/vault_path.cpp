#include "planner/language/configuration/vault_path.hpp"

#include <fmt/format.h>

namespace trunkform::language {

std::optional<std::string> misshapen(Shape shape, std::string_view text) {
  if (shape == Shape::free) return std::nullopt;
  if (shape == Shape::vault_path) {
    if (text.starts_with('/')) text.remove_prefix(1);
    if (text.ends_with('/')) text.remove_suffix(1);
  } else if (text.find('/') != std::string_view::npos) {
    return "it has a slash, and a name has none";
  }
  for (;;) {
    const auto slash = text.find('/');
    const auto segment = text.substr(0, slash);
    if (segment.empty()) return "nothing stands between two of its slashes";
    if (segment == "." || segment == "..") return fmt::format("\"{}\" leads to another place", segment);
    if (slash == std::string_view::npos) return std::nullopt;
    text.remove_prefix(slash + 1);
  }
}

}  // namespace trunkform::language
