#include <csignal>
#include <filesystem>
#include <functional>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "providers/platform/posix/clock.hpp"
#include "providers/platform/posix/file_system.hpp"
#include "providers/platform/posix/random.hpp"
#include "state/document/hash_chain.hpp"
#include "tests/unit/state/state_fixture.hpp"

using namespace trunkform;
using namespace trunkform::testing;

namespace {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "trunkform-state-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    m_path = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;  // a child may still write when a check has failed
    std::filesystem::remove_all(m_path, ignored);
  }
  const Path& path() const { return m_path; }

 private:
  Path m_path;
};

struct World {
  explicit World(const Path& folder) : backend(state::open_local(files, clock, random, folder).value()) {}
  platform::PosixFileSystem files;
  platform::SystemClock clock;
  platform::SystemRandom random;
  state::Backend backend;
  Context context;
};

/// Runs `work` in a process of its own, whose exit code is what it returns.
pid_t in_another_process(const std::function<int()>& work) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) ::_exit(work());
  return child;
}

int exit_code_of(pid_t child) {
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Lease acquire_patiently(World& world, const std::string& id) {
  while (true) {
    auto lease = world.backend.lock->acquire(world.context, lock_info(id));
    if (lease) return *lease;
    if (lease.error().code != ErrorCode::lock_held) ::_exit(20);
    ::usleep(500);
  }
}

/// One locked round: nobody else may be inside, and what was read is what is changed.
int locked_round(World& world, const Path& folder, const std::string& id) {
  const auto lease = acquire_patiently(world, id);
  const auto inside = folder / "inside";
  const int marker = ::open(inside.c_str(), O_CREAT | O_EXCL | O_WRONLY, 0600);
  if (marker < 0) return 10;
  ::close(marker);
  const auto snapshot = world.backend.store->load(world.context);
  if (!snapshot) return 11;
  const auto token = *snapshot ? (**snapshot).token : StateToken{"lineage", 0};
  std::vector<Event> events{event_of(0, committed(id, "one"))};
  if (!world.backend.log->append(world.context, lease.fence, lease.fence.epoch + 1, events)) return 12;
  const auto written = world.backend.store->commit(world.context, lease.fence, token, {});
  if (!written || written->serial != token.serial + 1) return 13;
  if (::unlink(inside.c_str()) != 0) return 14;
  return world.backend.lock->release(world.context, lease) ? 0 : 15;
}

}  // namespace

TEST_CASE("two, four and eight processes that contend never meet inside and lose no update") {
  for (const int processes : {2, 4, 8}) {
    constexpr int k_rounds = 8;
    const TemporaryFolder folder;
    std::vector<pid_t> children;
    for (int child = 0; child < processes; ++child) {
      children.push_back(in_another_process([&, child] {
        World world(folder.path());
        for (int round = 0; round < k_rounds; ++round) {
          const auto id = "p" + std::to_string(child) + "_" + std::to_string(round);
          if (const int wrong = locked_round(world, folder.path(), id); wrong != 0) return wrong;
        }
        return 0;
      }));
    }
    for (const auto child : children) CHECK(exit_code_of(child) == 0);
    World world(folder.path());
    const auto snapshot = world.backend.store->load(world.context);
    REQUIRE((snapshot && *snapshot));
    const auto total = static_cast<std::size_t>(processes) * static_cast<std::size_t>(k_rounds);
    CHECK((**snapshot).document.serial == total);
    CHECK((**snapshot).document.resources.size() == total);
    const auto page = world.backend.log->read(world.context, 0);
    REQUIRE(page);
    CHECK(page->events.size() == 2 * total);
    CHECK(state::verify_chain(page->events));
  }
}

TEST_CASE("a holder that is killed leaves its outcomes and no lock") {
  const TemporaryFolder folder;
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const auto child = in_another_process([&] {
    World world(folder.path());
    const auto lease = acquire_patiently(world, "killed");
    std::vector<Event> events{event_of(0, committed("a", "one"))};
    if (!world.backend.log->append(world.context, lease.fence, lease.fence.epoch + 1, events)) return 1;
    if (::write(ready[1], "x", 1) != 1) return 1;
    while (true) ::pause();
  });
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  World world(folder.path());
  const auto refused = world.backend.lock->acquire(world.context, lock_info("second"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::lock_held);
  CHECK((*world.backend.lock->holder(world.context))->id == "killed");
  REQUIRE(::kill(child, SIGKILL) == 0);
  CHECK(exit_code_of(child) == 128 + SIGKILL);
  CHECK_FALSE(*world.backend.lock->holder(world.context));
  REQUIRE(world.backend.lock->acquire(world.context, lock_info("second")));
  const auto snapshot = world.backend.store->load(world.context);
  REQUIRE((snapshot && *snapshot));
  CHECK(identity_in((**snapshot).document, "a") == chain_named("one")->identity);
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_CASE("readers without a lock always see a whole state while another process writes") {
  const TemporaryFolder folder;
  World world(folder.path());
  REQUIRE(locked_round(world, folder.path(), "first") == 0);
  const auto writer = in_another_process([&] {
    World other(folder.path());
    for (int round = 0; round < 60; ++round) {
      if (const int wrong = locked_round(other, folder.path(), "r" + std::to_string(round)); wrong != 0) return wrong;
    }
    return 0;
  });
  std::uint64_t serial = 0;
  std::size_t resources = 0;
  while (true) {  // until the writer has ended, else it would still write when its folder is removed
    const auto snapshot = world.backend.store->load(world.context);
    INFO((snapshot ? "" : to_line(snapshot.error())));
    REQUIRE(snapshot);
    REQUIRE(*snapshot);
    const auto& document = (**snapshot).document;
    REQUIRE(document.serial >= serial);
    REQUIRE(document.resources.size() >= resources);
    serial = document.serial;
    resources = document.resources.size();
    int status = 0;
    if (::waitpid(writer, &status, WNOHANG) != writer) continue;
    CHECK(status == 0);
    break;
  }
}
