// The reading half of PosixFileSystem.
#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>

#include "providers/platform/posix/descriptor.hpp"
#include "providers/platform/posix/file_system.hpp"
#include "providers/platform/posix/path_check.hpp"
#include "providers/platform/posix/system_error.hpp"
#include "providers/platform/posix/transfer.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::platform {
namespace {

Error too_large(const Path& path, std::uint64_t limit) {
  return Error(ErrorCode::invalid_input, fmt::format("{} is larger than {} bytes", path.string(), limit))
      .hint("check that the path is the right one; no file that trunkform reads here is that large");
}

Error not_regular(const Path& path) {
  return Error(ErrorCode::invalid_input, fmt::format("{} is not a regular file", path.string()))
      .hint("give a regular file: ls -la " + shell_word(path.string()));
}

constexpr int k_pipe_patience = 10'000;  // milliseconds

/// A pipe may have a writer who takes its time: `-var-file=<(…)`. One who never writes must not hold a run up.
Result<std::size_t> read_or_wait(SystemCalls& calls, int descriptor, const Path& path, char* into, std::size_t size) {
  for (;;) {
    const auto count = read_some(calls, descriptor, into, size);
    if (count) return *count;
    if (count.error() != EAGAIN) return system_error("read", path, count.error());
    const auto ready = uninterrupted([&] { return calls.wait_readable(descriptor, k_pipe_patience); });
    if (!ready) return system_error("read", path, ready.error());
    if (!*ready)
      return Error(ErrorCode::timeout, fmt::format("{} is a pipe, and nothing came out of it for 10 s", path.string()))
          .hint("give a regular file");
  }
}

Result<std::string> read_all(SystemCalls& calls, int descriptor, const Path& path, std::uint64_t limit) {
  const auto status = calls.status(descriptor);
  if (!status) return system_error("read", path, status.error());
  if (status->kind == FileKind::directory) return system_error("read", path, EISDIR);
  if (status->size > limit) return too_large(path, limit);
  // One more than the size, so that a file that did not grow ends the loop in its second read.
  std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(status->size, limit)) + 1, '\0');
  std::size_t used = 0;
  for (;;) {
    if (used == bytes.size()) bytes.resize(bytes.size() * 2 + 4096);
    const auto count = TRY(read_or_wait(calls, descriptor, path, bytes.data() + used, bytes.size() - used));
    if (count == 0) break;
    used += count;
    if (used > limit) return too_large(path, limit);
  }
  bytes.resize(used);
  return bytes;
}

Result<SecretBuffer> read_all_secret(SystemCalls& calls, int descriptor, const Path& path, std::uint64_t limit) {
  const auto status = calls.status(descriptor);
  if (!status) return system_error("read", path, status.error());
  if (status->kind != FileKind::regular) return not_regular(path);
  if (status->size > limit) return too_large(path, limit);
  SecretBuffer bytes(static_cast<std::size_t>(status->size) + 1);
  std::size_t used = 0;
  while (used < bytes.size()) {
    const auto count = read_some(calls, descriptor, bytes.data() + used, bytes.size() - used);
    if (!count) return system_error("read", path, count.error());
    if (*count == 0) break;
    used += *count;
  }
  if (used > status->size)
    return Error(ErrorCode::io, fmt::format("{} grew while it was read", path.string()))
        .hint("write keys to a temporary name and rename them into place");
  bytes.truncate(used);
  return bytes;
}

/// The kernels and sandboxes that have no openat2 must not turn into a file() that follows links out.
Error beneath_error(const Path& root, const Path& relative, int number) {
  switch (number) {
    case EXDEV:
    case ELOOP:
      return Error(ErrorCode::untrusted, fmt::format("{} leads out of {}", relative.string(), root.string()),
                   "configuration reads files only beneath its own folder, through no link that leaves it")
          .hint("copy the file into the folder of the configuration");
    case ENOSYS:
    case EPERM:
      return Error(ErrorCode::unsupported,
                   fmt::format("cannot read {} safely: openat2 is not available here", relative.string()),
                   "without it a symbolic link could lead a read out of the configuration's folder")
          .hint("use Linux 5.6 or newer, and a container runtime whose seccomp profile allows openat2");
    default:
      return system_error("read", root / relative, number);
  }
}

}  // namespace

Result<std::string> PosixFileSystem::read(const Path& path, std::uint64_t limit) {
  TRY(check_path(path));
  // O_NONBLOCK: opening a FIFO that nobody writes to would wait for ever.
  const auto number = uninterrupted([&] { return m_calls.open(k_working_directory, path, O_RDONLY | O_NONBLOCK, 0); });
  if (!number) return system_error("read", path, number.error());
  const Descriptor file(m_calls, *number);
  return read_all(m_calls, file.number(), path, limit);
}

Result<FileTail> PosixFileSystem::read_tail(const Path& path, std::uint64_t size) {
  TRY(check_path(path));
  const auto number = uninterrupted([&] { return m_calls.open(k_working_directory, path, O_RDONLY | O_NONBLOCK, 0); });
  if (!number) return system_error("read", path, number.error());
  const Descriptor file(m_calls, *number);
  const auto status = m_calls.status(file.number());
  if (!status) return system_error("read", path, status.error());
  if (status->kind != FileKind::regular) return not_regular(path);
  FileTail tail;
  tail.bytes.resize(static_cast<std::size_t>(std::min(size, status->size)));
  tail.offset = status->size - tail.bytes.size();
  std::size_t used = 0;
  while (used < tail.bytes.size()) {
    const auto count = uninterrupted([&] {
      return m_calls.read_at(file.number(), tail.bytes.data() + used, tail.bytes.size() - used, tail.offset + used);
    });
    if (!count) return system_error("read", path, count.error());
    if (*count == 0) break;  // it was truncated meanwhile
    used += *count;
  }
  tail.bytes.resize(used);
  return tail;
}

Result<SecretBuffer> PosixFileSystem::read_secret(const Path& path, std::uint64_t limit) {
  TRY(check_path(path));
  // O_NONBLOCK: a FIFO in the key's place must be refused, not waited for.
  const auto number = uninterrupted([&] { return m_calls.open(k_working_directory, path, O_RDONLY | O_NONBLOCK, 0); });
  if (!number) return system_error("read", path, number.error());
  const Descriptor file(m_calls, *number);
  return read_all_secret(m_calls, file.number(), path, limit);
}

Result<std::string> PosixFileSystem::read_beneath(const Path& root, const Path& relative, std::uint64_t limit) {
  TRY(check_path(root));
  TRY(check_path(relative));
  const auto folder_number =
      uninterrupted([&] { return m_calls.open(k_working_directory, root, O_RDONLY | O_DIRECTORY, 0); });
  if (!folder_number) return system_error("open the folder", root, folder_number.error());
  const Descriptor folder(m_calls, *folder_number);
  auto number = m_calls.open_beneath(folder.number(), relative);
  // EAGAIN: something was renamed while the kernel walked the path (openat2(2)).
  for (int tries = 0; !number && (number.error() == EAGAIN || number.error() == EINTR) && tries < 32; ++tries)
    number = m_calls.open_beneath(folder.number(), relative);
  if (!number) return beneath_error(root, relative, number.error());
  const Descriptor file(m_calls, *number);
  const auto status = m_calls.status(file.number());
  if (!status) return system_error("read", root / relative, status.error());
  if (status->kind == FileKind::other) return not_regular(root / relative);
  return read_all(m_calls, file.number(), root / relative, limit);
}

}  // namespace trunkform::platform
