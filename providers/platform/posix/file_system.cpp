#include "providers/platform/posix/file_system.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>

#include "providers/platform/posix/append_file.hpp"
#include "providers/platform/posix/descriptor.hpp"
#include "providers/platform/posix/file_lock.hpp"
#include "providers/platform/posix/key_place.hpp"
#include "providers/platform/posix/path_check.hpp"
#include "providers/platform/posix/replace_file.hpp"
#include "providers/platform/posix/system_error.hpp"
#include "providers/platform/posix/transfer.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::platform {
namespace {

constexpr unsigned k_writable_by_others = 0022;
constexpr unsigned k_sticky = 01000;

Error not_private(const Path& path, std::string why, std::string mend) {
  return Error(ErrorCode::untrusted, path.string() + " is not private", std::move(why)).hint(std::move(mend));
}

SystemResult<void> remove_from(SystemCalls& calls, int folder, const Path& path) {
  auto gone = calls.unlink(folder, path);
  // Linux says EISDIR of a folder, POSIX EPERM.
  if (!gone && (gone.error() == EISDIR || gone.error() == EPERM)) gone = calls.remove_directory(folder, path);
  return gone;
}

/// One name after the other, each from the folder before: whoever exchanges one of them for a link meanwhile leads
/// nobody away.
Result<Descriptor> open_folder_beneath(SystemCalls& calls, const Path& root, const Path& relative) {
  const auto open = [&](int from, const Path& name, int flags) {
    return uninterrupted([&] { return calls.open(from, name, O_RDONLY | O_DIRECTORY | flags, 0); });
  };
  const auto first = open(k_working_directory, root, 0);
  if (!first) return system_error("open the folder", root, first.error());
  Descriptor at(calls, *first);
  Path sofar = root;
  for (const auto& name : relative) {
    sofar /= name;
    const auto next = name == ".." ? SystemResult<int>(tl::unexpected(ELOOP)) : open(at.number(), name, O_NOFOLLOW);
    if (!next && (next.error() == ELOOP || next.error() == ENOTDIR))
      return Error(ErrorCode::untrusted, fmt::format("'{}' is a link or no folder", sofar.string()),
                   fmt::format("what is removed through it would not lie in '{}'", root.string()))
          .hint("see what it is, and who made it: ls -ld " + shell_word(sofar.string()));
    if (!next) return system_error("open the folder", sofar, next.error());
    at = Descriptor(calls, *next);
  }
  return at;
}

}  // namespace

Result<> PosixFileSystem::check_private(const Path& path) {
  TRY(check_path(path));
  const auto file = m_calls.status(path);
  if (!file) return system_error("look at", path, file.error());
  if (file->owner != 0 && file->owner != m_calls.user())
    return not_private(path, "it belongs to another user, who could change what it says",
                       "make it your own: sudo chown \"$USER\" " + shell_word(path.string()));
  if ((file->mode & k_writable_by_others) != 0)
    return not_private(path, "others may write to it", "chmod go-w " + shell_word(path.string()));
  const auto folder = m_calls.status(folder_of(path));
  if (!folder) return system_error("look at", folder_of(path), folder.error());
  if ((folder->mode & k_writable_by_others) != 0 && (folder->mode & k_sticky) == 0)
    return not_private(path, "others may write to its folder and so replace it",
                       "chmod go-w " + shell_word(folder_of(path).string()));
  return {};
}

KeyExposures PosixFileSystem::key_exposures(const Path& file) {
  if (!check_path(file)) return {};
  return exposures_of_key(m_calls, file);
}

Result<> PosixFileSystem::replace(const Path& path, std::string_view bytes, unsigned mode) {
  TRY(check_path(path));
  return replace_file(m_calls, path, bytes, mode);
}

Result<> PosixFileSystem::replace_link(const Path& path, const Path& target) {
  TRY(check_path(path));
  TRY(check_path(target));
  return platform::replace_link(m_calls, path, target);
}

Result<> PosixFileSystem::create_directories(const Path& path) {
  TRY(check_path(path));
  Path sofar;
  for (const auto& part : path) {
    sofar /= part;
    if (part.empty() || part == "/" || part == ".") continue;
    const auto made = m_calls.make_directory(sofar, 0755);
    if (made) {
      TRY(sync_folder(m_calls, folder_of(sofar)));
      continue;
    }
    const auto status = m_calls.status(sofar);
    if (!status) return system_error("make the folder", sofar, made.error());
    if (status->kind != FileKind::directory) return system_error("make the folder", sofar, ENOTDIR);
  }
  return {};
}

Result<> PosixFileSystem::remove(const Path& path) {
  TRY(check_path(path));
  if (const auto gone = remove_from(m_calls, k_working_directory, path); !gone)
    return system_error("remove", path, gone.error());
  return sync_folder(m_calls, folder_of(path));
}

Result<> PosixFileSystem::remove_beneath(const Path& root, const Path& relative) {
  TRY(check_path(root));
  TRY(check_path(relative));
  const auto whole = root / relative;
  const auto folder = TRY(open_folder_beneath(m_calls, root, relative.parent_path()));
  if (const auto gone = remove_from(m_calls, folder.number(), relative.filename()); !gone)
    return system_error("remove", whole, gone.error());
  if (const auto synced = uninterrupted([&] { return m_calls.sync(folder.number()); }); !synced)
    return system_error("make durable the folder", folder_of(whole), synced.error());
  return {};
}

Result<bool> PosixFileSystem::exists(const Path& path) {
  TRY(check_path(path));
  const auto status = m_calls.status(path);
  if (status) return true;
  if (status.error() == ENOENT || status.error() == ENOTDIR) return false;
  return system_error("look at", path, status.error());
}

Result<> PosixFileSystem::check_readable(const Path& path) {
  constexpr unsigned k_owner = 0400, k_group_or_others = 0044;
  TRY(check_path(path));
  const auto file = m_calls.status(path);
  if (!file) return system_error("read", path, file.error());
  if (file->kind == FileKind::regular && file->size == 0)
    return Error(ErrorCode::invalid_input, fmt::format("'{}' is empty", path.string()),
                 "whoever wrote it has not been done, or had no room left")
        .hint("write it again, or put it back from a backup");
  if (m_calls.user() == 0) return {};
  // Which groups the user is in is not looked at.
  const auto needed = file->owner == m_calls.user() ? k_owner : k_group_or_others;
  if ((file->mode & needed) == 0) return system_error("read", path, EACCES);
  return {};
}

Result<> PosixFileSystem::check_writable(const Path& folder) {
  constexpr unsigned k_owner = 0200, k_group_or_others = 0022;
  TRY(check_path(folder));
  const auto status = m_calls.status(folder);
  if (!status) return system_error("write to", folder, status.error());
  if (status->kind != FileKind::directory) return system_error("write to", folder, ENOTDIR);
  if (m_calls.user() == 0) return {};
  // Which groups the user is in is not looked at.
  const auto needed = status->owner == m_calls.user() ? k_owner : k_group_or_others;
  if ((status->mode & needed) == 0) return system_error("write to", folder, EACCES);
  return {};
}

Result<std::vector<std::string>> PosixFileSystem::list(const Path& folder) {
  TRY(check_path(folder));
  auto names = m_calls.list(folder);
  if (!names) return system_error("list", folder, names.error());
  std::sort(names->begin(), names->end());
  return std::move(*names);
}

Result<Path> PosixFileSystem::read_link(const Path& path) {
  TRY(check_path(path));
  auto target = m_calls.read_link(path);
  if (target) return std::move(*target);
  if (target.error() == EINVAL) return Error(ErrorCode::invalid_input, path.string() + " is not a symbolic link");
  return system_error("read the link", path, target.error());
}

Result<Instant> PosixFileSystem::modified(const Path& path) {
  TRY(check_path(path));
  const auto status = m_calls.status(path);
  if (!status) return system_error("look at", path, status.error());
  return status->modified;
}

Result<std::unique_ptr<FileLock>> PosixFileSystem::lock(const Path& path) {
  TRY(check_path(path));
  return lock_file(m_calls, path);
}

Result<std::unique_ptr<AppendFile>> PosixFileSystem::open_append(const Path& path, unsigned mode) {
  TRY(check_path(path));
  return open_append_file(m_calls, path, mode);
}

}  // namespace trunkform::platform
