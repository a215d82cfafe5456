#include "state/backends/local/local_workspaces.hpp"

#include "state/backends/local/folder.hpp"
#include "state/backends/local/local_ownership.hpp"
#include "state/document/workspace.hpp"

namespace trunkform::state {
namespace {

Result<> remove_if_there(FileSystem& files, const Path& path) {
  auto removed = files.remove(path);
  if (!removed && removed.error().code != ErrorCode::not_found) return removed;
  return {};
}

Result<> check_empty(FileSystem& files, const LocalPaths& paths, const std::string& name, Seal& seal) {
  const auto loaded = TRY(load_document(files, paths, seal));
  return loaded ? check_without_resources(loaded->document, name) : Result<>();
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
  return no_such_workspace(name);
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

Result<std::string> LocalWorkspaces::selected(const Context&) { return selected_workspace(m_files, m_folder); }

Result<> LocalWorkspaces::create(const Context&, const std::string& name) {
  TRY(check_workspace_name(name));
  if (TRY(is_there(name))) return workspace_exists(name);
  const auto paths = paths_of(m_folder, name);
  TRY(m_files.create_directories(paths.folder));
  TRY(m_files.open_append(paths.events));
  return {};
}

Result<> LocalWorkspaces::select(const Context&, const std::string& name) {
  TRY(require(name));
  return select_workspace(m_files, m_folder, name);
}

Result<> LocalWorkspaces::remove(const Context& context, const std::string& name, DeleteWorkspace mode) {
  TRY(check_not_default(name));
  TRY(require(name));
  TRY(check_not_selected(name, selected(context)));
  const auto paths = paths_of(m_folder, name);
  const auto lock = TRY(m_files.lock(paths.lock));
  Seal seal(m_keys, m_random, name);
  if (mode == DeleteWorkspace::only_empty) TRY(check_empty(m_files, paths, name, seal));
  TRY(give_up_claims(m_files, m_clock, context, m_folder, name, seal));
  // The log goes first: a log without its document would be folded into a new one and come back to life.
  for (const auto& path :
       {paths.events, paths.backup, paths.recovery, paths.damaged, paths.lock_info, paths.alerts, paths.state}) {
    TRY(remove_if_there(m_files, path));
  }
  return {};
}

}  // namespace trunkform::state
