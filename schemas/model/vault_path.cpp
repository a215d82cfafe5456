#include "schemas/model/vault_path.hpp"

#include <fmt/format.h>

namespace trunkform {
namespace {

std::optional<std::string> no_segments(std::string_view text) {
  for (;;) {
    const auto slash = text.find('/');
    const auto segment = text.substr(0, slash);
    if (segment.empty()) return "nothing stands between two of its slashes";
    if (segment == "." || segment == "..") return fmt::format("\"{}\" leads to another place", segment);
    if (slash == std::string_view::npos) return std::nullopt;
    text.remove_prefix(slash + 1);
  }
}

}  // namespace

std::string kv_api_path(std::string_view mount, std::string_view what, std::string_view path) {
  return fmt::format("{}/{}/{}", mount, what, path);
}

std::string_view normal_vault_path(std::string_view text) {
  if (text.starts_with('/')) text.remove_prefix(1);
  if (text.ends_with('/')) text.remove_suffix(1);
  return text;
}

std::optional<std::string> no_vault_path(std::string_view text) { return no_segments(normal_vault_path(text)); }

std::optional<std::string> no_vault_name(std::string_view text) {
  if (text.find('/') != std::string_view::npos) return "it has a slash, and a name has none";
  return no_segments(text);
}

}  // namespace trunkform
