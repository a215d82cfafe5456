#include <catch2/catch.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "providers/platform/posix/file_system.hpp"
#include "tests/unit/providers/platform/temporary_folder.hpp"

using trunkform::ErrorCode;
using trunkform::platform::PosixFileSystem;
using trunkform::platform::TemporaryFolder;

namespace {

/// What another process gets when it tries the lock: 0 got it, 5 held.
int try_in_another_process(const std::filesystem::path& path) {
  const auto child = ::fork();
  if (child == 0) {
    PosixFileSystem files;
    const auto lock = files.lock(path);
    ::_exit(lock ? 0 : lock.error().code == ErrorCode::lock_held ? 5 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("a lock excludes another process and another handle until it is destroyed, and the file stays") {
  const TemporaryFolder folder;
  PosixFileSystem files;
  {
    const auto lock = files.lock(folder / "lock");
    REQUIRE(lock);
    CHECK(lock.value()->still_ours());
    CHECK(try_in_another_process(folder / "lock") == 5);
    CHECK(files.lock(folder / "lock").error().code == ErrorCode::lock_held);
    // A failed try by the same process must not release the lock, as closing a descriptor would with POSIX locks.
    CHECK(try_in_another_process(folder / "lock") == 5);
  }
  CHECK(std::filesystem::exists(folder / "lock"));
  CHECK(try_in_another_process(folder / "lock") == 0);
}

TEST_CASE("a lock whose file was replaced is no longer ours") {
  const TemporaryFolder folder;
  PosixFileSystem files;
  const auto lock = files.lock(folder / "lock");
  REQUIRE(lock);
  std::filesystem::remove(folder / "lock");
  CHECK_FALSE(lock.value()->still_ours());
  folder.write("lock", "");
  CHECK_FALSE(lock.value()->still_ours());
}

TEST_CASE("a lock dies with the process that held it") {
  const TemporaryFolder folder;
  int pipe_ends[2];
  REQUIRE(::pipe(pipe_ends) == 0);
  const auto child = ::fork();
  if (child == 0) {
    PosixFileSystem files;
    const auto lock = files.lock(folder / "lock");
    (void)!::write(pipe_ends[1], lock ? "y" : "n", 1);
    ::pause();
    ::_exit(0);
  }
  char got = 0;
  REQUIRE(::read(pipe_ends[0], &got, 1) == 1);
  REQUIRE(got == 'y');
  PosixFileSystem files;
  CHECK(files.lock(folder / "lock").error().code == ErrorCode::lock_held);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK(files.lock(folder / "lock"));
}
