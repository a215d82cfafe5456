#include "providers/platform/posix/append_file.hpp"

#include <cerrno>

#include <fcntl.h>

#include "providers/platform/posix/descriptor.hpp"
#include "providers/platform/posix/path_check.hpp"
#include "providers/platform/posix/replace_file.hpp"
#include "providers/platform/posix/system_error.hpp"
#include "providers/platform/posix/transfer.hpp"

namespace trunkform::platform {
namespace {

class PosixAppendFile final : public AppendFile {
 public:
  PosixAppendFile(SystemCalls& calls, Descriptor file, Path path, std::uint64_t size)
      : m_calls(calls), m_file(std::move(file)), m_path(std::move(path)), m_size(size) {}

  Result<> append(std::string_view bytes) override {
    TRY(check_usable());
    if (const auto written = write_all(m_calls, m_file.number(), bytes); !written) {
      m_broken = true;
      // Best effort: readers take a torn last line for a crash, but a clean end is better.
      (void)m_calls.truncate(m_file.number(), m_size);
      return system_error("append to", m_path, written.error());
    }
    TRY(make_durable());
    m_size += bytes.size();
    return {};
  }

  std::uint64_t size() const override { return m_size; }

  Result<> truncate(std::uint64_t size) override {
    TRY(check_usable());
    const auto cut = uninterrupted([&] { return m_calls.truncate(m_file.number(), size); });
    if (!cut) {
      m_broken = true;
      return system_error("truncate", m_path, cut.error());
    }
    TRY(make_durable());
    m_size = size;
    return {};
  }

 private:
  Result<> check_usable() const {
    if (!m_broken) return {};
    return Error(ErrorCode::io, "cannot append to " + m_path.string() + ": an earlier write to it failed",
                 "what the operating system holds of the file is no longer known");
  }

  Result<> make_durable() {
    const auto synced = uninterrupted([&] { return m_calls.sync_data(m_file.number()); });
    if (synced) return {};
    m_broken = true;
    return system_error("make durable", m_path, synced.error());
  }

  SystemCalls& m_calls;
  Descriptor m_file;
  Path m_path;
  std::uint64_t m_size;
  bool m_broken = false;
};

}  // namespace

Result<std::unique_ptr<AppendFile>> open_append_file(SystemCalls& calls, const Path& path, unsigned mode) {
  const auto number = uninterrupted(
      [&] { return calls.open(k_working_directory, path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, mode); });
  if (!number) return system_error("open", path, number.error());
  Descriptor file(calls, *number);
  const auto status = calls.status(file.number());
  if (!status) return system_error("open", path, status.error());
  if (status->kind != FileKind::regular)
    return Error(ErrorCode::invalid_input, path.string() + " is not a regular file");
  // Also where it was there before: whoever created it may have died before this.
  TRY(sync_folder(calls, folder_of(path)));
  return std::unique_ptr<AppendFile>(std::make_unique<PosixAppendFile>(calls, std::move(file), path, status->size));
}

}  // namespace trunkform::platform
