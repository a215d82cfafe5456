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

/// Removes the temporary file unless it got its real name.
class TemporaryName {
 public:
  TemporaryName(SystemCalls& calls, int folder, Path name)
      : m_calls(calls), m_folder(folder), m_name(std::move(name)) {}
  TemporaryName(const TemporaryName&) = delete;
  TemporaryName& operator=(const TemporaryName&) = delete;
  ~TemporaryName() {
    if (m_in_the_way) (void)m_calls.unlink(m_folder, m_name);
  }
  const Path& name() const { return m_name; }
  void exists() { m_in_the_way = true; }
  void renamed() { m_in_the_way = false; }

 private:
  SystemCalls& m_calls;
  int m_folder;
  Path m_name;
  bool m_in_the_way = false;
};

Path temporary_name(const Path& path) {
  SystemRandom random;
  return Path(fmt::format(".{}.{:016x}.tmp", path.filename().string(), random.below(UINT64_MAX)));
}

Result<Descriptor> open_folder(SystemCalls& calls, const Path& folder) {
  const auto number = uninterrupted([&] { return calls.open(k_working_directory, folder, O_RDONLY | O_DIRECTORY, 0); });
  if (!number) return system_error("open the folder", folder, number.error());
  return Descriptor(calls, *number);
}

Result<> write_temporary(SystemCalls& calls, int folder, TemporaryName& temporary, const Path& path,
                         std::string_view bytes, unsigned mode) {
  const auto number = uninterrupted(
      [&] { return calls.open(folder, temporary.name(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode); });
  if (!number) return system_error("write beside", path, number.error());
  const Descriptor file(calls, *number);
  temporary.exists();
  if (const auto written = write_all(calls, file.number(), bytes); !written)
    return system_error("write", path, written.error());
  if (const auto synced = uninterrupted([&] { return calls.sync(file.number()); }); !synced)
    return system_error("make durable", path, synced.error());
  return {};
}

}  // namespace

Result<> replace_file(SystemCalls& calls, const Path& path, std::string_view bytes, unsigned mode) {
  const auto folder = TRY(open_folder(calls, folder_of(path)));
  TemporaryName temporary(calls, folder.number(), temporary_name(path));
  TRY(write_temporary(calls, folder.number(), temporary, path, bytes, mode));
  const auto renamed = uninterrupted([&] { return calls.rename(folder.number(), temporary.name(), path.filename()); });
  if (!renamed) return system_error("replace", path, renamed.error());
  temporary.renamed();
  if (const auto synced = uninterrupted([&] { return calls.sync(folder.number()); }); !synced) {
    auto error = system_error("make durable", path, synced.error());
    error.detail = "the new content is in place, but it may not survive a power cut";
    return error;
  }
  return {};
}

Result<> sync_folder(SystemCalls& calls, const Path& folder) {
  const auto opened = TRY(open_folder(calls, folder));
  if (const auto synced = uninterrupted([&] { return calls.sync(opened.number()); }); !synced)
    return system_error("make durable the folder", folder, synced.error());
  return {};
}

}  // namespace trunkform::platform
