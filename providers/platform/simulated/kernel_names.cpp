// Folders and what is in them: names, kinds, links, modes.
#include <cerrno>

#include "providers/platform/simulated/kernel_nodes.hpp"

namespace trunkform::platform {

void SimulatedKernel::make_link(const Path& path, const Path& target) {
  const std::scoped_lock lock(m_mutex);
  const auto place = locate(absolute(k_working_directory, path), Links::keep);
  if (!place || !place->folder) return;
  auto node = std::make_shared<Node>();
  node->kind = FileKind::link;
  node->inode = m_next_inode++;
  node->target = target;
  place->folder->names[place->name] = node;
  place->folder->durable_names[place->name] = node;
}

void SimulatedKernel::set_mode(const Path& path, unsigned mode, unsigned owner, unsigned group) {
  const std::scoped_lock lock(m_mutex);
  const auto place = locate(absolute(k_working_directory, path), Links::follow);
  if (!place || !place->node) return;
  place->node->mode = mode;
  place->node->owner = owner;
  place->node->group = group;
}

SystemResult<void> SimulatedKernel::rename(int folder, const Path& from, const Path& to) {
  const std::scoped_lock lock(m_mutex);
  const auto target = absolute(folder, to);
  if (const auto entered = enter(IoStep::rename, target.string()); !entered) return entered;
  const auto source = locate(absolute(folder, from), Links::keep);
  const auto place = locate(target, Links::keep);
  if (!source) return fails(source.error());
  if (!place) return fails(place.error());
  if (!source->node) return fails(ENOENT);
  if (place->node && place->node->kind == FileKind::directory) return fails(EISDIR);
  place->folder->names[place->name] = source->node;
  source->folder->names.erase(source->name);
  return {};
}

SystemResult<void> SimulatedKernel::unlink(int folder, const Path& path) {
  const std::scoped_lock lock(m_mutex);
  const auto whole = absolute(folder, path);
  if (const auto entered = enter(IoStep::unlink, whole.string()); !entered) return entered;
  const auto place = locate(whole, Links::keep);
  if (!place) return fails(place.error());
  if (!place->node) return fails(ENOENT);
  if (place->node->kind == FileKind::directory) return fails(EISDIR);
  place->folder->names.erase(place->name);
  return {};
}

SystemResult<void> SimulatedKernel::make_directory(const Path& path, unsigned mode) {
  const std::scoped_lock lock(m_mutex);
  const auto whole = absolute(k_working_directory, path);
  if (const auto entered = enter(IoStep::make_directory, whole.string()); !entered) return entered;
  const auto place = locate(whole, Links::follow);
  if (!place) return fails(place.error());
  if (place->node) return fails(EEXIST);
  auto node = std::make_shared<Node>();
  node->kind = FileKind::directory;
  node->inode = m_next_inode++;
  node->mode = mode;
  place->folder->names[place->name] = node;
  return {};
}

SystemResult<void> SimulatedKernel::remove_directory(int folder, const Path& path) {
  const std::scoped_lock lock(m_mutex);
  const auto whole = absolute(folder, path);
  if (const auto entered = enter(IoStep::unlink, whole.string()); !entered) return entered;
  const auto place = locate(whole, Links::keep);
  if (!place) return fails(place.error());
  if (!place->node) return fails(ENOENT);
  if (place->node->kind != FileKind::directory) return fails(ENOTDIR);
  if (!place->node->names.empty()) return fails(ENOTEMPTY);
  place->folder->names.erase(place->name);
  return {};
}

SystemResult<void> SimulatedKernel::make_link(int folder, const Path& path, const Path& target) {
  const std::scoped_lock lock(m_mutex);
  const auto whole = absolute(folder, path);
  if (const auto entered = enter(IoStep::make_link, whole.string()); !entered) return entered;
  const auto place = locate(whole, Links::keep);
  if (!place) return fails(place.error());
  if (place->node) return fails(EEXIST);
  auto node = std::make_shared<Node>();
  node->kind = FileKind::link;
  node->inode = m_next_inode++;
  node->target = target;
  place->folder->names[place->name] = node;
  return {};
}

FileStatus SimulatedKernel::status_of(const Node& node) const {
  return {node.kind, node.bytes.size(), 1, node.inode, node.modified, node.mode, node.owner, node.group};
}

SystemResult<FileStatus> SimulatedKernel::status(const Path& path) {
  const std::scoped_lock lock(m_mutex);
  const auto whole = absolute(k_working_directory, path);
  if (const auto entered = enter(IoStep::status, whole.string()); !entered) return fails(entered.error());
  const auto place = locate(whole, Links::follow);
  if (!place) return fails(place.error());
  if (!place->node) return fails(ENOENT);
  return status_of(*place->node);
}

SystemResult<FileStatus> SimulatedKernel::status(int descriptor) {
  const std::scoped_lock lock(m_mutex);
  const auto* file = opened(descriptor);
  if (const auto entered = enter(IoStep::status, file ? file->path.string() : ""); !entered)
    return fails(entered.error());
  if (file == nullptr) return fails(EBADF);
  return status_of(*file->node);
}

SystemResult<std::vector<std::string>> SimulatedKernel::list(const Path& folder) {
  const std::scoped_lock lock(m_mutex);
  const auto whole = absolute(k_working_directory, folder);
  if (const auto entered = enter(IoStep::list, whole.string()); !entered) return fails(entered.error());
  const auto place = locate(whole, Links::follow);
  if (!place) return fails(place.error());
  if (!place->node) return fails(ENOENT);
  if (place->node->kind != FileKind::directory) return fails(ENOTDIR);
  std::vector<std::string> names;
  for (const auto& [name, node] : place->node->names) names.push_back(name);
  return names;
}

SystemResult<Path> SimulatedKernel::read_link(const Path& path) {
  const std::scoped_lock lock(m_mutex);
  const auto whole = absolute(k_working_directory, path);
  if (const auto entered = enter(IoStep::read_link, whole.string()); !entered) return fails(entered.error());
  const auto place = locate(whole, Links::keep);
  if (!place) return fails(place.error());
  if (!place->node) return fails(ENOENT);
  if (place->node->kind != FileKind::link) return fails(EINVAL);
  return place->node->target;
}

}  // namespace trunkform::platform
