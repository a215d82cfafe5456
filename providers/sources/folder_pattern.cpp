#include "providers/sources/folder_pattern.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

namespace trunkform::sources {
namespace {

constexpr std::size_t k_most_folders = 10'000;

Result<std::vector<Path>> one_step(FileSystem& files, const Path& folder, const std::string& part) {
  std::vector<Path> next;
  if (part.find_first_of("*?[") == std::string::npos) return std::vector<Path>{folder / part};
  auto names = files.list(folder);
  if (!names && names.error().code == ErrorCode::not_found) return next;
  for (const auto& name : TRY(std::move(names))) {
    if (::fnmatch(part.c_str(), name.c_str(), FNM_PERIOD) == 0) next.push_back(folder / name);
  }
  return next;
}

}  // namespace

Result<std::vector<Path>> matching_folders(FileSystem& files, const Path& pattern) {
  std::vector<Path> folders{pattern.root_path()};
  for (const auto& part : pattern.relative_path()) {
    if (part.empty()) continue;  // the slash at the end
    std::vector<Path> next;
    for (const auto& folder : folders) {
      for (auto& found : TRY(one_step(files, folder, part.string()))) next.push_back(std::move(found));
      if (next.size() > k_most_folders) {
        return Error(ErrorCode::invalid_input,
                     fmt::format("'{}' matches more than {} folders", pattern.string(), k_most_folders));
      }
    }
    folders = std::move(next);
  }
  return folders;
}

}  // namespace trunkform::sources
