#include "state/remote/workspaces.hpp"

#include <algorithm>

#include "state/document/workspace.hpp"
#include "state/remote/epoch.hpp"
#include "state/remote/ownership.hpp"

namespace trunkform::state {
namespace {

Result<> check_empty(const Context& context, Engine& engine, const std::string& name) {
  const auto loaded = TRY(load_state(context, engine));
  if (!loaded) return {};
  return check_without_resources(loaded->document, name);
}

}  // namespace

Result<std::vector<std::string>> RemoteWorkspaces::list(const Context& context) {
  const auto engine = TRY(m_open(k_default_workspace));
  auto names = TRY(engine->workspaces(context));
  std::erase_if(names, [](const std::string& name) { return name == k_default_workspace; });
  std::sort(names.begin(), names.end());
  names.insert(names.begin(), k_default_workspace);
  return names;
}

Result<std::string> RemoteWorkspaces::selected(const Context&) {
  return selected_workspace(m_services.files, m_services.folder);
}

Result<bool> RemoteWorkspaces::is_there(const Context& context, const std::string& name) {
  const auto names = TRY(list(context));
  return std::find(names.begin(), names.end(), name) != names.end();
}

Result<> RemoteWorkspaces::require(const Context& context, const std::string& name) {
  TRY(check_workspace_name(name));
  return TRY(is_there(context, name)) ? Result<>() : no_such_workspace(name);
}

Result<> RemoteWorkspaces::create(const Context& context, const std::string& name) {
  TRY(check_workspace_name(name));
  if (TRY(is_there(context, name))) return workspace_exists(name);
  return TRY(m_open(name))->create(context);
}

Result<> RemoteWorkspaces::select(const Context& context, const std::string& name) {
  TRY(require(context, name));
  return select_workspace(m_services.files, m_services.folder, name);
}

Result<> RemoteWorkspaces::remove(const Context& context, const std::string& name, DeleteWorkspace mode) {
  TRY(check_not_default(name));
  TRY(require(context, name));
  TRY(check_not_selected(name, selected(context)));
  const auto engine = TRY(m_open(name));
  LockInfo info;
  info.id = m_services.random.uuid();
  info.operation = "workspace delete";
  info.path = engine->place();
  info.created = m_services.clock.now();
  TRY(engine->take_lock(context, info));
  auto removed = remove_locked(context, *engine, info.id, name, mode);
  if (!removed) (void)engine->give_back(context, info.id);  // what failed is what is told
  return removed;
}

Result<> RemoteWorkspaces::remove_locked(const Context& context, Engine& engine, const std::string& lock_id,
                                         const std::string& name, DeleteWorkspace mode) {
  if (mode == DeleteWorkspace::only_empty) TRY(check_empty(context, engine, name));
  TRY(give_up_claims(context, engine, m_services.clock, m_services.random, name));
  return engine.remove(context, lock_id);
}

}  // namespace trunkform::state
