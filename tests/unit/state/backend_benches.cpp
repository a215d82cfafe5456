// The backends that need no server, for the kit.
#include "providers/platform/posix/clock.hpp"
#include "providers/platform/posix/file_system.hpp"
#include "providers/platform/posix/random.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/file_system.hpp"
#include "providers/platform/simulated/random.hpp"
#include "state/backends/azblob/engine.hpp"
#include "state/backends/http/engine.hpp"
#include "state/backends/local/local.hpp"
#include "state/backends/s3/engine.hpp"
#include "state/remote/ports.hpp"
#include "tests/support/backend_kit/backend_kit.hpp"
#include "tests/support/memory_bucket.hpp"
#include "tests/support/memory_container.hpp"
#include "tests/support/memory_engine.hpp"
#include "tests/support/memory_state_server.hpp"
#include "tests/unit/providers/platform/temporary_folder.hpp"
#include "tests/unit/state/state_fixture.hpp"

using namespace std::chrono_literals;

namespace trunkform::testing {
namespace {

/// Real files and the real clock: two that want a lock for a moment at once do wait for each other.
class LocalBench final : public BackendBench {
 public:
  state::Backend open(const std::string& workspace) override {
    return state::open_local(m_files, m_clock, m_random, m_folder.path(), workspace).value();
  }
  bool take_lock_away(const std::string&) override {
    return m_files.remove(m_folder.path() / k_lock.filename()).has_value();
  }

 private:
  platform::TemporaryFolder m_folder;
  platform::PosixFileSystem m_files;
  platform::SystemClock m_clock;
  platform::SystemRandom m_random;
};

enum class LockRunsOut { no, yes };

class MemoryBench final : public BackendBench {
 public:
  explicit MemoryBench(LockRunsOut runs_out) {
    (void)m_files.create_directories("/configuration");
    if (runs_out == LockRunsOut::no) return;
    m_server.renewal = 10ms;
    m_server.time_to_live = 1h;
  }
  state::Backend open(const std::string& workspace) override {
    const auto engine = [this](const std::string& name) -> Result<std::unique_ptr<state::Engine>> {
      return open_memory(m_server, name);
    };
    return state::open_remote({m_files, m_clock, m_random, "/configuration"}, engine, workspace).value();
  }
  bool lose_next(Lost lost) override {
    const std::scoped_lock guard(m_server.mutex);
    m_server.answers = {lost == Lost::request ? Answer::lost_before_the_write : Answer::lost_after_the_write};
    return true;
  }
  bool has_lost() override {
    const std::scoped_lock guard(m_server.mutex);
    return m_server.answers.empty();
  }
  bool take_lock_away(const std::string& workspace) override {
    const std::scoped_lock guard(m_server.mutex);
    m_server.spaces[workspace].lock.reset();
    return true;
  }
  bool let_lock_run_out() override {
    const std::scoped_lock guard(m_server.mutex);
    m_server.now += 2h;
    return true;
  }

 private:
  MemoryServer m_server;
  platform::SimulatedFileSystem m_files;
  platform::SimulatedClock m_clock{at(0)};
  platform::SeededRandom m_random{1};
};

/// The engine of S3 over a bucket that does not forget what was once removed.
class BucketBench final : public BackendBench {
 public:
  BucketBench() {
    (void)m_files.create_directories("/configuration");
    m_bucket.removals = MemoryBucket::Removals::remembered;
  }
  state::Backend open(const std::string& workspace) override {
    const auto engine = [this](const std::string& name) -> Result<std::unique_ptr<state::Engine>> {
      return state::s3::open_engine({}, name, open_memory_bucket(m_bucket), m_clock, m_random);
    };
    return state::open_remote({m_files, m_clock, m_random, "/configuration"}, engine, workspace).value();
  }
  bool lose_next(Lost lost) override {
    const std::scoped_lock guard(m_bucket.mutex);
    using Answer = MemoryBucket::Answer;
    m_bucket.answers = {lost == Lost::request ? Answer::lost_before_the_write : Answer::lost_after_the_write};
    return true;
  }
  bool has_lost() override {
    const std::scoped_lock guard(m_bucket.mutex);
    return m_bucket.answers.empty();
  }

 private:
  MemoryBucket m_bucket;
  platform::SimulatedFileSystem m_files;
  platform::SimulatedClock m_clock{at(0)};
  platform::SeededRandom m_random{1};
};

/// The engine of Azure Blob over a container whose clock stands still until it is told.
class ContainerBench final : public BackendBench {
 public:
  ContainerBench() { (void)m_files.create_directories("/configuration"); }
  state::Backend open(const std::string& workspace) override {
    const auto engine = [this](const std::string& name) -> Result<std::unique_ptr<state::Engine>> {
      return state::azblob::open_engine({}, name, open_memory_container(m_container), m_clock, m_random);
    };
    return state::open_remote({m_files, m_clock, m_random, "/configuration"}, engine, workspace).value();
  }
  bool lose_next(Lost lost) override {
    const std::scoped_lock guard(m_container.mutex);
    using Answer = MemoryContainer::Answer;
    m_container.answers = {lost == Lost::request ? Answer::lost_before_the_write : Answer::lost_after_the_write};
    return true;
  }
  bool has_lost() override {
    const std::scoped_lock guard(m_container.mutex);
    return m_container.answers.empty();
  }
  bool let_lock_run_out() override {
    const std::scoped_lock guard(m_container.mutex);
    m_container.now += 2h;
    return true;
  }

 private:
  MemoryContainer m_container;
  platform::SimulatedFileSystem m_files;
  platform::SimulatedClock m_clock{at(0)};
  platform::SeededRandom m_random{1};
};

/// The engine of HTTP over a server that looks whose lock a write names.
class StateServerBench final : public BackendBench {
 public:
  StateServerBench() { (void)m_files.create_directories("/configuration"); }
  state::Backend open(const std::string& workspace) override {
    const auto engine = [this](const std::string& name) -> Result<std::unique_ptr<state::Engine>> {
      return state::http::open_engine(name, open_memory_state_server(m_server), m_clock, m_random);
    };
    return state::open_remote({m_files, m_clock, m_random, "/configuration"}, engine, workspace).value();
  }
  bool lose_next(Lost lost) override {
    const std::scoped_lock guard(m_server.mutex);
    using Answer = MemoryStateServer::Answer;
    m_server.answers = {lost == Lost::request ? Answer::lost_before_the_write : Answer::lost_after_the_write};
    return true;
  }
  bool has_lost() override {
    const std::scoped_lock guard(m_server.mutex);
    return m_server.answers.empty();
  }
  bool take_lock_away(const std::string& workspace) override {
    const std::scoped_lock guard(m_server.mutex);
    m_server.spaces[workspace].lock.reset();
    return true;
  }

 private:
  MemoryStateServer m_server;
  platform::SimulatedFileSystem m_files;
  platform::SimulatedClock m_clock{at(0)};
  platform::SeededRandom m_random{1};
};

}  // namespace

std::vector<BackendKind> backend_kinds() {
  return {{"local", [] { return std::make_unique<LocalBench>(); }},
          {"memory", [] { return std::make_unique<MemoryBench>(LockRunsOut::no); }},
          {"memory with a lock that runs out", [] { return std::make_unique<MemoryBench>(LockRunsOut::yes); }},
          {"a bucket in memory", [] { return std::make_unique<BucketBench>(); }},
          {"a container in memory", [] { return std::make_unique<ContainerBench>(); }},
          {"a state server in memory", [] { return std::make_unique<StateServerBench>(); }}};
}

}  // namespace trunkform::testing
