// Processes, descriptors and bytes; what changes and reads names is in kernel_names.cpp.
#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>

#include "providers/platform/simulated/kernel_nodes.hpp"

namespace trunkform::platform {

namespace {
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
