// A lock that is lost between the beginning of a commit and its end.
#include <functional>

#include <catch2/catch.hpp>

#include "tests/unit/state/state_fixture.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using platform::SimulatedFileSystem;

namespace {

/// Lets a test act right after a file was replaced.
class Watched final : public FileSystem {
 public:
  explicit Watched(FileSystem& files) : m_files(files) {}
  std::function<void(const Path&)> after_replace;

  Result<std::string> read(const Path& path, std::uint64_t limit) override { return m_files.read(path, limit); }
  Result<SecretBuffer> read_secret(const Path& path, std::uint64_t limit) override {
    return m_files.read_secret(path, limit);
  }
  Result<std::string> read_beneath(const Path& root, const Path& relative, std::uint64_t limit) override {
    return m_files.read_beneath(root, relative, limit);
  }
  Result<> replace(const Path& path, std::string_view bytes, unsigned mode) override {
    TRY(m_files.replace(path, bytes, mode));
    if (after_replace) after_replace(path);
    return {};
  }
  Result<> create_directories(const Path& path) override { return m_files.create_directories(path); }
  Result<> remove(const Path& path) override { return m_files.remove(path); }
  Result<bool> exists(const Path& path) override { return m_files.exists(path); }
  Result<std::vector<std::string>> list(const Path& folder) override { return m_files.list(folder); }
  Result<Path> read_link(const Path& path) override { return m_files.read_link(path); }
  Result<Instant> modified(const Path& path) override { return m_files.modified(path); }
  Result<> check_private(const Path& path) override { return m_files.check_private(path); }
  Result<std::unique_ptr<FileLock>> lock(const Path& path) override { return m_files.lock(path); }
  Result<std::unique_ptr<AppendFile>> open_append(const Path& path, unsigned mode) override {
    return m_files.open_append(path, mode);
  }

 private:
  FileSystem& m_files;
};

}  // namespace

TEST_CASE("a lock that is lost while the backup is written keeps the document as it was") {
  SimulatedFileSystem disk;
  Watched files(disk);
  Process process(files);
  const auto token = process.apply({{"a", "one"}}).value();
  const auto before = disk.read(k_state, 1 << 20).value();
  const auto lease = process.acquire("lock-2");
  files.after_replace = [&](const Path& path) {
    if (path == k_backup) REQUIRE(disk.remove(k_lock));
  };
  StateDelta delta;
  delta.upserts = {record_of("a", "two")};
  CHECK(code_of(process.backend.store->commit(process.context, lease.fence, token, delta)) == ErrorCode::fenced);
  CHECK(disk.read(k_state, 1 << 20).value() == before);
}
