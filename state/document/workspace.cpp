#include "state/document/workspace.hpp"

#include <algorithm>

#include "schemas/ports/workspaces.hpp"

namespace trunkform::state {
namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

Error no_name(const Path& path, std::string why) {
  return Error(ErrorCode::corrupt, path.string() + " does not hold a workspace's name", std::move(why))
      .hint("choose one: trunkform workspace select default");
}

}  // namespace

Result<> check_workspace_name(const std::string& name) {
  constexpr std::size_t k_longest = 90;
  if (!name.empty() && name.size() <= k_longest && name.front() != '.' && name.front() != '-' &&
      std::all_of(name.begin(), name.end(), is_name_character)) {
    return {};
  }
  return Error(ErrorCode::invalid_input, "this is not a workspace's name",
               "letters, digits, `-`, `_` and `.`, at most 90, beginning with a letter, a digit or `_`")
      .hint("choose another name");
}

Error no_such_workspace(const std::string& name) {
  return Error(ErrorCode::not_found, "there is no workspace " + name)
      .hint("see which there are: trunkform workspace list")
      .hint("make it: trunkform workspace new " + name);
}

Error workspace_exists(const std::string& name) {
  return Error(ErrorCode::conflict, "workspace " + name + " is there already")
      .hint("use it: trunkform workspace select " + name);
}

Result<> check_not_default(const std::string& name) {
  if (name != k_default_workspace) return {};
  return Error(ErrorCode::invalid_input, "the default workspace cannot be deleted");
}

Result<> check_not_selected(const std::string& name, const Result<std::string>& selected) {
  if (!selected || *selected != name) return {};
  return Error(ErrorCode::conflict, "workspace " + name + " is selected")
      .hint("choose another first: trunkform workspace select default");
}

Result<> check_without_resources(const StateDocument& document, const std::string& name) {
  if (document.resources.empty() && document.open_intents.empty()) return {};
  const auto count = document.resources.size();
  return Error(ErrorCode::conflict,
               "workspace " + name + " still has " + std::to_string(count) + (count == 1 ? " resource" : " resources"))
      .hint("forget them first: TRUNKFORM_WORKSPACE=" + name + " trunkform destroy")
      .hint("or drop the record and leave the trunks as they are: trunkform workspace delete -force " + name);
}

Path selection_path(const Path& folder) { return folder / ".trunkform.workspace"; }

Result<std::string> selected_workspace(FileSystem& files, const Path& folder) {
  constexpr std::uint64_t k_most_bytes = 4096;
  const auto path = selection_path(folder);
  // `select` makes a file. Through a link of somebody else's a line of another file would be shown as a name.
  if (files.read_link(path)) return no_name(path, "it is a symbolic link");
  auto bytes = files.read(path, k_most_bytes);
  if (!bytes && bytes.error().code == ErrorCode::not_found) return std::string(k_default_workspace);
  if (!bytes) return std::move(bytes).error();
  auto name = bytes->substr(0, bytes->find('\n'));
  if (check_workspace_name(name)) return name;
  return no_name(path, "");
}

Result<> select_workspace(FileSystem& files, const Path& folder, const std::string& name) {
  return files.replace(selection_path(folder), name + "\n");
}

}  // namespace trunkform::state
