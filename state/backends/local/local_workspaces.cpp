#include "state/backends/local/local_workspaces.hpp"

#include "state/backends/local/folder.hpp"
#include "state/backends/local/local_ownership.hpp"

namespace trunkform::state {
namespace {

Result<> remove_if_there(FileSystem& files, const Path& path) {
  auto removed = files.remove(path);
  if (!removed && removed.error().code != ErrorCode::not_found) return removed;
  return {};
}

Result<> check_empty(FileSystem& files, const LocalPaths& paths, const std::string& name) {
  const auto loaded = TRY(load_document(files, paths));
  if (!loaded || (loaded->document.resources.empty() && loaded->document.open_intents.empty())) return {};
  const auto count = loaded->document.resources.size();
  return Error(ErrorCode::conflict,
               "workspace " + name + " still has " + std::to_string(count) + (count == 1 ? " resource" : " resources"))
      .hint("forget them first: TRUNKFORM_WORKSPACE=" + name + " trunkform destroy")
      .hint("or drop the record and leave the trunks as they are: trunkform workspace delete -force " + name);
}

Error no_name(const Path& path, std::string why) {
  return Error(ErrorCode::corrupt, path.string() + " does not hold a workspace's name", std::move(why))
      .hint("choose one: trunkform workspace select default");
}

}  // namespace

/// A folder counts when it has a log or a document; a deleted workspace leaves its lock file, which is never unlinked.
Result<bool> LocalWorkspaces::is_there(const std::string& name) {
  if (name == k_default_workspace) return true;
  const auto paths = paths_of(m_folder, name);
  if (TRY(m_files.exists(paths.events))) return true;
  return TRY(m_files.exists(paths.state));
}

Result<> LocalWorkspaces::require(const std::string& name) {
  TRY(check_workspace_name(name));
  if (TRY(is_there(name))) return {};
  return Error(ErrorCode::not_found, "there is no workspace " + name)
      .hint("see which there are: trunkform workspace list")
      .hint("make it: trunkform workspace new " + name);
}

Result<std::vector<std::string>> LocalWorkspaces::list(const Context&) {
  std::vector<std::string> found{k_default_workspace};
  auto names = m_files.list(workspaces_path(m_folder));
  if (!names && names.error().code == ErrorCode::not_found) return found;
  if (!names) return std::move(names).error();
  for (const auto& name : *names) {
    if (name != k_default_workspace && check_workspace_name(name) && TRY(is_there(name))) found.push_back(name);
  }
  return found;
}

Result<std::string> LocalWorkspaces::selected(const Context&) {
  const auto path = selection_path(m_folder);
  // `select` makes a file. Through a link of somebody else's a line of another file would be shown as a name.
  if (m_files.read_link(path)) return no_name(path, "it is a symbolic link");
  auto bytes = m_files.read(path, 4096);
  if (!bytes && bytes.error().code == ErrorCode::not_found) return std::string(k_default_workspace);
  if (!bytes) return std::move(bytes).error();
  auto name = bytes->substr(0, bytes->find('\n'));
  if (check_workspace_name(name)) return name;
  return no_name(path, "");
}

Result<> LocalWorkspaces::create(const Context&, const std::string& name) {
  TRY(check_workspace_name(name));
  if (TRY(is_there(name)))
    return Error(ErrorCode::conflict, "workspace " + name + " is there already")
        .hint("use it: trunkform workspace select " + name);
  const auto paths = paths_of(m_folder, name);
  TRY(m_files.create_directories(paths.folder));
  TRY(m_files.open_append(paths.events));
  return {};
}

Result<> LocalWorkspaces::select(const Context&, const std::string& name) {
  TRY(require(name));
  return m_files.replace(selection_path(m_folder), name + "\n");
}

Result<> LocalWorkspaces::remove(const Context& context, const std::string& name, DeleteWorkspace mode) {
  if (name == k_default_workspace) return Error(ErrorCode::invalid_input, "the default workspace cannot be deleted");
  TRY(require(name));
  if (const auto chosen = selected(context); chosen && *chosen == name)
    return Error(ErrorCode::conflict, "workspace " + name + " is selected")
        .hint("choose another first: trunkform workspace select default");
  const auto paths = paths_of(m_folder, name);
  const auto lock = TRY(m_files.lock(paths.lock));
  if (mode == DeleteWorkspace::only_empty) TRY(check_empty(m_files, paths, name));
  TRY(give_up_claims(m_files, m_clock, context, m_folder, name));
  // The log goes first: a log without its document would be folded into a new one and come back to life.
  for (const auto& path : {paths.events, paths.backup, paths.recovery, paths.damaged, paths.lock_info, paths.state}) {
    TRY(remove_if_there(m_files, path));
  }
  return {};
}

}  // namespace trunkform::state
