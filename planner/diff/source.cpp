#include "planner/diff/source.hpp"

#include <array>
#include <filesystem>
#include <string_view>

namespace trunkform::diff {
namespace {

constexpr std::array<std::string_view, 3> k_paths{"chain", "live", "private_key"};

std::string path_without_detours(const std::string& text) {
  auto path = std::filesystem::path(text).lexically_normal();
  if (!path.has_filename() && path.has_relative_path()) path = path.parent_path();  // the slash at the end of a folder
  return path.string();
}

Locator essence(Locator locator) {
  locator.arguments.erase("versions");
  for (const auto name : k_paths)
    if (const auto found = locator.arguments.find(std::string(name)); found != locator.arguments.end())
      found->second = path_without_detours(found->second);
  return locator;
}

}  // namespace

bool is_same_source(const Locator& one, const Locator& other) {
  return one == other || (one.type == other.type && essence(one) == essence(other));
}

}  // namespace trunkform::diff
