#include "providers/platform/posix/replace_file.hpp"

#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>

#include "providers/platform/posix/descriptor.hpp"
#include "providers/platform/posix/path_check.hpp"
#include "providers/platform/posix/random.hpp"
#include "providers/platform/posix/system_error.hpp"
#include "providers/platform/posix/transfer.hpp"

namespace trunkform::platform {
namespace {

Path temporary_name(const Path& path) {
  SystemRandom random;
  return Path(fmt::format(".{}.{:016x}.tmp", path.filename().string(), random.below(UINT64_MAX)));
}

Result<Descriptor> open_folder(SystemCalls& calls, const Path& folder) {
  const auto number = uninterrupted([&] { return calls.open(k_working_directory, folder, O_RDONLY | O_DIRECTORY, 0); });
  if (!number) return system_error("open the folder", folder, number.error());
  return Descriptor(calls, *number);
}

Result<Descriptor> create_temporary(SystemCalls& calls, int folder, const Path& temporary, const Path& path,
                                    unsigned mode) {
  const auto number =
      uninterrupted([&] { return calls.open(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode); });
  if (!number) return system_error("write beside", path, number.error());
  return Descriptor(calls, *number);
}

Result<> fill_and_rename(SystemCalls& calls, int folder, const Descriptor& file, const Path& temporary,
                         const Path& path, std::string_view bytes) {
  if (const auto written = write_all(calls, file.number(), bytes); !written)
    return system_error("write", path, written.error());
  if (const auto synced = uninterrupted([&] { return calls.sync(file.number()); }); !synced)
    return system_error("make durable", path, synced.error());
  if (const auto renamed = uninterrupted([&] { return calls.rename(folder, temporary, path.filename()); }); !renamed)
    return system_error("replace", path, renamed.error());
  return {};
}

}  // namespace

Result<> replace_file(SystemCalls& calls, const Path& path, std::string_view bytes, unsigned mode) {
  const auto folder = TRY(open_folder(calls, folder_of(path)));
  const auto temporary = temporary_name(path);
  const auto file = TRY(create_temporary(calls, folder.number(), temporary, path, mode));
  if (auto done = fill_and_rename(calls, folder.number(), file, temporary, path, bytes); !done) {
    // Where that fails too it lies in nobody's way.
    (void)calls.unlink(folder.number(), temporary);
    return std::move(done.error());
  }
  if (const auto synced = uninterrupted([&] { return calls.sync(folder.number()); }); !synced) {
    auto error = system_error("make durable", path, synced.error());
    error.detail = "the new content is in place, but it may not survive a power cut";
    return error;
  }
  return {};
}

Result<> replace_link(SystemCalls& calls, const Path& path, const Path& target) {
  const auto folder = TRY(open_folder(calls, folder_of(path)));
  const auto temporary = temporary_name(path);
  if (const auto made = calls.make_link(folder.number(), temporary, target); !made)
    return system_error("write beside", path, made.error());
  if (const auto renamed = uninterrupted([&] { return calls.rename(folder.number(), temporary, path.filename()); });
      !renamed) {
    (void)calls.unlink(folder.number(), temporary);
    return system_error("replace", path, renamed.error());
  }
  if (const auto synced = uninterrupted([&] { return calls.sync(folder.number()); }); !synced)
    return system_error("make durable", path, synced.error());
  return {};
}

Result<> sync_folder(SystemCalls& calls, const Path& folder) {
  const auto opened = TRY(open_folder(calls, folder));
  if (const auto synced = uninterrupted([&] { return calls.sync(opened.number()); }); !synced)
    return system_error("make durable the folder", folder, synced.error());
  return {};
}

}  // namespace trunkform::platform
