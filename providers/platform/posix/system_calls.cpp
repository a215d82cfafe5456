#include "providers/platform/posix/system_calls.hpp"

#include <array>
#include <cerrno>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/openat2.h>
#include <poll.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace trunkform::platform {
namespace {

static_assert(k_working_directory == AT_FDCWD);

tl::unexpected<int> failed() { return tl::unexpected<int>(errno); }

SystemResult<void> done(int code) {
  if (code != 0) return failed();
  return {};
}

FileStatus status_of(const struct ::stat& raw) {
  FileStatus status;
  if (S_ISREG(raw.st_mode)) status.kind = FileKind::regular;
  if (S_ISDIR(raw.st_mode)) status.kind = FileKind::directory;
  if (S_ISLNK(raw.st_mode)) status.kind = FileKind::link;
  status.size = static_cast<std::uint64_t>(raw.st_size);
  status.device = raw.st_dev;
  status.inode = raw.st_ino;
  status.modified = Instant(std::chrono::seconds(raw.st_mtim.tv_sec) +
                            std::chrono::duration_cast<Duration>(std::chrono::nanoseconds(raw.st_mtim.tv_nsec)));
  status.mode = raw.st_mode & 07777U;
  status.owner = raw.st_uid;
  status.group = raw.st_gid;
  return status;
}

class PosixSystemCalls final : public SystemCalls {
 public:
  SystemResult<int> open(int folder, const Path& path, int flags, unsigned mode) override {
    const int number = ::openat(folder, path.c_str(), flags | O_CLOEXEC, mode);
    if (number < 0) return failed();
    return number;
  }

  SystemResult<int> open_beneath(int folder, const Path& relative) override {
    ::open_how how{};
    how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    const long number = ::syscall(SYS_openat2, folder, relative.c_str(), &how, sizeof how);
    if (number < 0) return failed();
    return static_cast<int>(number);
  }

  void close(int descriptor) noexcept override { (void)::close(descriptor); }

  SystemResult<std::size_t> read(int descriptor, char* into, std::size_t size) override {
    const auto count = ::read(descriptor, into, size);
    if (count < 0) return failed();
    return static_cast<std::size_t>(count);
  }

  SystemResult<bool> wait_readable(int descriptor, int milliseconds) override {
    ::pollfd waiting{descriptor, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, milliseconds);
    if (ready < 0) return failed();
    return ready > 0;
  }

  SystemResult<std::size_t> read_at(int descriptor, char* into, std::size_t size, std::uint64_t offset) override {
    const auto count = ::pread(descriptor, into, size, static_cast<::off_t>(offset));
    if (count < 0) return failed();
    return static_cast<std::size_t>(count);
  }

  SystemResult<std::size_t> write(int descriptor, const char* from, std::size_t size) override {
    const auto count = ::write(descriptor, from, size);
    if (count < 0) return failed();
    return static_cast<std::size_t>(count);
  }

  SystemResult<void> sync(int descriptor) override { return done(::fsync(descriptor)); }
  SystemResult<void> sync_data(int descriptor) override { return done(::fdatasync(descriptor)); }
  SystemResult<void> truncate(int descriptor, std::uint64_t size) override {
    return done(::ftruncate(descriptor, static_cast<::off_t>(size)));
  }
  SystemResult<void> rename(int folder, const Path& from, const Path& to) override {
    return done(::renameat(folder, from.c_str(), folder, to.c_str()));
  }
  SystemResult<void> unlink(int folder, const Path& path) override { return done(::unlinkat(folder, path.c_str(), 0)); }
  SystemResult<void> make_directory(const Path& path, unsigned mode) override {
    return done(::mkdir(path.c_str(), mode));
  }
  SystemResult<void> remove_directory(int folder, const Path& path) override {
    return done(::unlinkat(folder, path.c_str(), AT_REMOVEDIR));
  }
  SystemResult<void> make_link(int folder, const Path& path, const Path& target) override {
    return done(::symlinkat(target.c_str(), folder, path.c_str()));
  }

  SystemResult<FileStatus> status(const Path& path) override {
    struct ::stat raw{};
    if (::stat(path.c_str(), &raw) != 0) return failed();
    return status_of(raw);
  }

  SystemResult<FileStatus> status(int descriptor) override {
    struct ::stat raw{};
    if (::fstat(descriptor, &raw) != 0) return failed();
    return status_of(raw);
  }

  SystemResult<std::vector<std::string>> list(const Path& folder) override {
    const auto close_folder = [](DIR* open) { (void)::closedir(open); };
    const std::unique_ptr<DIR, decltype(close_folder)> opened(::opendir(folder.c_str()), close_folder);
    if (!opened) return failed();
    std::vector<std::string> names;
    for (;;) {
      errno = 0;
      const auto* entry = ::readdir(opened.get());
      if (entry == nullptr) break;
      std::string name(&entry->d_name[0]);
      if (name != "." && name != "..") names.push_back(std::move(name));
    }
    if (errno != 0) return failed();
    return names;
  }

  SystemResult<Path> read_link(const Path& path) override {
    std::string target(256, '\0');
    for (;;) {
      const auto count = ::readlink(path.c_str(), target.data(), target.size());
      if (count < 0) return failed();
      if (static_cast<std::size_t>(count) < target.size())
        return Path(target.substr(0, static_cast<std::size_t>(count)));
      target.resize(target.size() * 2);  // a full buffer may mean a cut target
    }
  }

  SystemResult<void> lock(int descriptor) override {
    struct ::flock whole{};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    return done(::fcntl(descriptor, F_OFD_SETLK, &whole));
  }

  unsigned user() const override { return ::geteuid(); }

  bool is_private_group(unsigned group, unsigned user) const override {
    std::array<char, k_most_of_entry> space{};
    struct ::passwd owner{};
    struct ::passwd* known = nullptr;
    if (::getpwuid_r(user, &owner, space.data(), space.size(), &known) != 0 || known == nullptr) return false;
    return with_group(group, [&](const struct ::group& found) {
      if (std::string_view(found.gr_name) != owner.pw_name) return false;
      for (char** member = found.gr_mem; *member != nullptr; ++member)
        if (std::string_view(*member) != owner.pw_name) return false;
      return true;
    });
  }

  std::string group_name(unsigned group) const override {
    auto name = std::to_string(group);
    (void)with_group(group, [&](const struct ::group& found) {
      name = found.gr_name;
      return true;
    });
    return name;
  }

 private:
  /// A group with more members than that is nobody's own.
  static constexpr std::size_t k_most_of_entry = 16384;

  /// False where there is none.
  template <class Use>
  static bool with_group(unsigned group, const Use& use) {
    std::array<char, k_most_of_entry> space{};
    struct ::group entry{};
    struct ::group* known = nullptr;
    if (::getgrgid_r(group, &entry, space.data(), space.size(), &known) != 0 || known == nullptr) return false;
    return use(*known);
  }
};

}  // namespace

SystemCalls& posix_system_calls() {
  static PosixSystemCalls calls;
  return calls;
}

}  // namespace trunkform::platform
