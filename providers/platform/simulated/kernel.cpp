#include "providers/platform/simulated/kernel.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>

namespace trunkform::platform {

struct SimulatedKernel::Node {
  FileKind kind = FileKind::regular;
  std::uint64_t inode = 0;
  std::string bytes, durable_bytes;
  std::map<std::string, NodePtr> names, durable_names;
  Path target;
  Instant modified{};
  unsigned mode = 0600;
  unsigned owner = 1000;
  int lock_holder = -1;

  void make_durable() {
    durable_bytes = bytes;
    durable_names = names;
  }
  void forget_what_was_not_durable() {
    bytes = durable_bytes;
    names = durable_names;
    lock_holder = -1;
    for (auto& [name, node] : names) node->forget_what_was_not_durable();
  }
  void drop_locks() {
    lock_holder = -1;
    for (auto& [name, node] : names) node->drop_locks();
  }
};

struct SimulatedKernel::Opened {
  NodePtr node;
  Path path;
  std::size_t position = 0;
  bool append = false;
};

/// Where a path leads: its folder, its last name, and the node there, if any.
struct SimulatedKernel::Place {
  NodePtr folder;
  std::string name;
  NodePtr node;
};

namespace {
tl::unexpected<int> fails(int number) { return tl::unexpected<int>(number); }
constexpr int k_most_links = 40;
}  // namespace

SimulatedKernel::SimulatedKernel() : m_root(std::make_shared<Node>()) {
  m_root->kind = FileKind::directory;
  m_root->mode = 0755;
}
SimulatedKernel::~SimulatedKernel() = default;

void SimulatedKernel::use_clock(const Clock* clock) {
  const std::scoped_lock lock(m_mutex);
  m_clock = clock;
}

Instant SimulatedKernel::now() const { return m_clock == nullptr ? Instant{} : m_clock->now(); }

SystemResult<void> SimulatedKernel::enter(IoStep step, const std::string& path) {
  if (m_dead) return fails(EIO);  // destructors on the way out of a crash have no effect any more
  const auto fault = m_faults.next(step, path);
  if (!fault) return {};
  switch (*fault) {
    case Fault::io_error:
      return fails(EIO);
    case Fault::no_space:
      return fails(ENOSPC);
    case Fault::interrupted:
      return fails(EINTR);
    case Fault::short_write:
      return {};
    case Fault::kill:
      m_dead = true;
      throw SimulatedCrash(m_faults.sites().back());
  }
  return {};
}

SystemResult<std::optional<Fault>> SimulatedKernel::enter_write(const std::string& path) {
  if (m_dead) return fails(EIO);
  const auto fault = m_faults.next(IoStep::write, path);
  if (fault == Fault::io_error) return fails(EIO);
  if (fault == Fault::no_space) return fails(ENOSPC);
  if (fault == Fault::interrupted) return fails(EINTR);
  return fault;
}

Path SimulatedKernel::absolute(int folder, const Path& path) const {
  if (path.is_absolute()) return path;
  const auto base = m_opened.find(folder);
  return (base == m_opened.end() ? Path("/") : base->second.path) / path;
}

SystemResult<SimulatedKernel::Place> SimulatedKernel::locate(const Path& path, Links links, int depth) const {
  if (depth > k_most_links) return fails(ELOOP);
  Place place{m_root, "", m_root};
  Path here("/");
  const auto parts = path.lexically_normal().relative_path();
  for (auto part = parts.begin(); part != parts.end(); ++part) {
    const auto name = part->string();
    if (name.empty() || name == ".") continue;
    if (!place.node) return fails(ENOENT);
    if (place.node->kind != FileKind::directory) return fails(ENOTDIR);
    const auto found = place.node->names.find(name);
    place = {place.node, name, found == place.node->names.end() ? nullptr : found->second};
    const bool last = std::next(part) == parts.end();
    if (place.node && place.node->kind == FileKind::link && (!last || links == Links::follow)) {
      Path rest;
      for (auto after = std::next(part); after != parts.end(); ++after) rest /= *after;
      return locate((here / place.node->target / rest).lexically_normal(), links, depth + 1);
    }
    here /= name;
  }
  return place;
}

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

void SimulatedKernel::set_mode(const Path& path, unsigned mode, unsigned owner) {
  const std::scoped_lock lock(m_mutex);
  const auto place = locate(absolute(k_working_directory, path), Links::follow);
  if (!place || !place->node) return;
  place->node->mode = mode;
  place->node->owner = owner;
}

bool SimulatedKernel::dead() const {
  const std::scoped_lock lock(m_mutex);
  return m_dead;
}

void SimulatedKernel::restart() {
  const std::scoped_lock lock(m_mutex);
  m_opened.clear();
  m_root->drop_locks();
  m_dead = false;
}

void SimulatedKernel::power_cut() {
  const std::scoped_lock lock(m_mutex);
  m_opened.clear();
  m_root->forget_what_was_not_durable();
  m_dead = false;
}

SimulatedKernel::Opened* SimulatedKernel::opened(int descriptor) {
  const auto found = m_opened.find(descriptor);
  return found == m_opened.end() ? nullptr : &found->second;
}

SystemResult<int> SimulatedKernel::open(int folder, const Path& path, int flags, unsigned mode) {
  const std::scoped_lock lock(m_mutex);
  const auto whole = absolute(folder, path);
  if (const auto entered = enter(IoStep::open, whole.string()); !entered) return fails(entered.error());
  auto place = locate(whole, (flags & O_NOFOLLOW) != 0 ? Links::keep : Links::follow);
  if (!place) return fails(place.error());
  if (place->node && (flags & O_CREAT) != 0 && (flags & O_EXCL) != 0) return fails(EEXIST);
  if (place->node && place->node->kind == FileKind::link) return fails(ELOOP);
  if (!place->node) {
    if ((flags & O_CREAT) == 0) return fails(ENOENT);
    place->node = std::make_shared<Node>();
    place->node->inode = m_next_inode++;
    place->node->mode = mode;
    place->node->modified = now();
    place->folder->names[place->name] = place->node;
  }
  const bool is_folder = place->node->kind == FileKind::directory;
  if ((flags & O_DIRECTORY) != 0 && !is_folder) return fails(ENOTDIR);
  if (is_folder && (flags & O_ACCMODE) != O_RDONLY) return fails(EISDIR);
  if ((flags & O_TRUNC) != 0) place->node->bytes.clear();
  m_opened[m_next] = {place->node, whole.lexically_normal(), 0, (flags & O_APPEND) != 0};
  return m_next++;
}

SystemResult<int> SimulatedKernel::open_beneath(int folder, const Path& relative) {
  {
    const std::scoped_lock lock(m_mutex);
    if (relative.is_absolute()) return fails(EXDEV);
    const auto base = absolute(folder, ".").lexically_normal();
    const auto normal = relative.lexically_normal();
    if (!normal.empty() && *normal.begin() == "..") return fails(EXDEV);
    // Links are refused altogether: stricter than the kernel, and enough for tests over memory.
    Path here = base;
    for (const auto& part : normal) {
      here /= part;
      const auto place = locate(here, Links::keep);
      if (place && place->node && place->node->kind == FileKind::link) return fails(EXDEV);
    }
  }
  return open(folder, relative, O_RDONLY, 0);
}

void SimulatedKernel::close(int descriptor) noexcept {
  const std::scoped_lock lock(m_mutex);
  const auto found = m_opened.find(descriptor);
  if (found == m_opened.end()) return;
  if (found->second.node->lock_holder == descriptor) found->second.node->lock_holder = -1;
  m_opened.erase(found);
}

SystemResult<std::size_t> SimulatedKernel::read(int descriptor, char* into, std::size_t size) {
  const std::scoped_lock lock(m_mutex);
  auto* file = opened(descriptor);
  if (const auto entered = enter(IoStep::read, file ? file->path.string() : ""); !entered)
    return fails(entered.error());
  if (file == nullptr) return fails(EBADF);
  if (file->node->kind == FileKind::directory) return fails(EISDIR);
  const auto& bytes = file->node->bytes;
  const auto count = file->position < bytes.size() ? std::min(size, bytes.size() - file->position) : 0;
  if (count != 0) bytes.copy(into, count, file->position);
  file->position += count;
  return count;
}

SystemResult<std::size_t> SimulatedKernel::read_at(int descriptor, char* into, std::size_t size, std::uint64_t offset) {
  const std::scoped_lock lock(m_mutex);
  auto* file = opened(descriptor);
  if (const auto entered = enter(IoStep::read, file ? file->path.string() : ""); !entered)
    return fails(entered.error());
  if (file == nullptr) return fails(EBADF);
  const auto& bytes = file->node->bytes;
  const auto count = offset < bytes.size() ? std::min<std::size_t>(size, bytes.size() - offset) : 0;
  if (count != 0) bytes.copy(into, count, offset);
  return count;
}

SystemResult<std::size_t> SimulatedKernel::write(int descriptor, const char* from, std::size_t size) {
  const std::scoped_lock lock(m_mutex);
  auto* file = opened(descriptor);
  const auto fault = enter_write(file ? file->path.string() : "");
  if (!fault) return fails(fault.error());
  if (file == nullptr) return fails(EBADF);
  const bool half = *fault == Fault::short_write || *fault == Fault::kill;
  const auto count = half && size > 1 ? size / 2 : size;
  auto& bytes = file->node->bytes;
  if (file->append) file->position = bytes.size();
  if (bytes.size() < file->position + count) bytes.resize(file->position + count);
  std::memcpy(bytes.data() + file->position, from, count);
  file->position += count;
  file->node->modified = now();
  if (*fault == Fault::kill) {
    m_dead = true;
    throw SimulatedCrash(m_faults.sites().back());
  }
  return count;
}

SystemResult<void> SimulatedKernel::sync(int descriptor) {
  const std::scoped_lock lock(m_mutex);
  auto* file = opened(descriptor);
  if (const auto entered = enter(IoStep::sync, file ? file->path.string() : ""); !entered) return entered;
  if (file == nullptr) return fails(EBADF);
  file->node->make_durable();
  return {};
}

SystemResult<void> SimulatedKernel::sync_data(int descriptor) { return sync(descriptor); }

SystemResult<void> SimulatedKernel::truncate(int descriptor, std::uint64_t size) {
  const std::scoped_lock lock(m_mutex);
  auto* file = opened(descriptor);
  if (const auto entered = enter(IoStep::truncate, file ? file->path.string() : ""); !entered) return entered;
  if (file == nullptr) return fails(EBADF);
  file->node->bytes.resize(size);
  return {};
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

FileStatus SimulatedKernel::status_of(const Node& node) const {
  return {node.kind, node.bytes.size(), 1, node.inode, node.modified, node.mode, node.owner};
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

SystemResult<void> SimulatedKernel::lock(int descriptor) {
  const std::scoped_lock guard(m_mutex);
  auto* file = opened(descriptor);
  if (const auto entered = enter(IoStep::lock, file ? file->path.string() : ""); !entered) return entered;
  if (file == nullptr) return fails(EBADF);
  auto& holder = file->node->lock_holder;
  if (holder >= 0 && holder != descriptor) return fails(EAGAIN);
  holder = descriptor;
  return {};
}

}  // namespace trunkform::platform
