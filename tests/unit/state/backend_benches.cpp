// The backends that need no server, for the kit.
#include "providers/platform/posix/clock.hpp"
#include "providers/platform/posix/file_system.hpp"
#include "providers/platform/posix/random.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/file_system.hpp"
#include "providers/platform/simulated/random.hpp"
#include "state/backends/azblob/engine.hpp"
#include "state/backends/etcd/engine.hpp"
#include "state/backends/http/engine.hpp"
#include "state/backends/local/local.hpp"
#include "state/backends/s3/engine.hpp"
#include "state/remote/ports.hpp"
#include "tests/support/backend_kit/backend_kit.hpp"
#include "tests/support/memory_bucket.hpp"
#include "tests/support/memory_container.hpp"
#include "tests/support/memory_engine.hpp"
#include "tests/support/memory_key_values.hpp"
#include "tests/support/memory_state_server.hpp"
#include "tests/support/test_key_wrap.hpp"
#include "tests/unit/providers/platform/temporary_folder.hpp"
#include "tests/unit/state/state_fixture.hpp"

using namespace std::chrono_literals;

namespace trunkform::testing {
namespace {

using Keys = std::shared_ptr<const state::StateKeys>;

/// Real files and the real clock: two that want a lock for a moment at once do wait for each other.
class LocalBench final : public BackendBench {
 public:
  explicit LocalBench(Keys keys = nullptr) : m_keys(std::move(keys)) {}
  state::Backend open(const std::string& workspace) override {
    return state::open_local(m_files, m_clock, m_random, m_folder.path(), workspace, m_keys).value();
  }
  std::string holdings() override {
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(m_folder.path()))
      if (entry.is_regular_file()) all += m_files.read(entry.path(), 1U << 30U).value();
    return all;
  }
  bool take_lock_away(const std::string&) override {
    return m_files.remove(m_folder.path() / k_lock.filename()).has_value();
  }

 private:
  const Keys m_keys;
  platform::TemporaryFolder m_folder;
  platform::PosixFileSystem m_files;
  platform::SystemClock m_clock;
  platform::SystemRandom m_random;
};

enum class LockRunsOut { no, yes };
Keys test_keys() {
  return std::make_shared<const state::StateKeys>(state::StateKeys{std::make_shared<TestKeyWrap>("one")});
}

/// Over a server in memory, which is told of the next write what becomes of it.
template <class Server>
class ServerBench : public BackendBench {
 public:
  explicit ServerBench(Keys keys = nullptr) : m_keys(std::move(keys)) {
    (void)m_files.create_directories("/configuration");
  }
  state::Backend open(const std::string& workspace) override {
    const auto made = [this](const std::string& name) -> Result<std::unique_ptr<state::Engine>> {
      return engine(name);
    };
    return state::open_remote({m_files, m_clock, m_random, "/configuration", m_keys}, made, workspace).value();
  }
  bool lose_next(Lost lost) override {
    const std::scoped_lock guard(m_server.mutex);
    using Answer = typename decltype(m_server.answers)::value_type;
    m_server.answers = {lost == Lost::request ? Answer::lost_before_the_write : Answer::lost_after_the_write};
    return true;
  }
  bool has_lost() override {
    const std::scoped_lock guard(m_server.mutex);
    return m_server.answers.empty();
  }

 protected:
  Server m_server;
  platform::SimulatedClock m_clock{at(0)};
  platform::SeededRandom m_random{1};

  bool forget_lock(const std::string& workspace) {
    const std::scoped_lock guard(m_server.mutex);
    m_server.spaces[workspace].lock.reset();
    return true;
  }
  bool pass_two_hours() {
    const std::scoped_lock guard(m_server.mutex);
    m_server.now += 2h;
    return true;
  }

 private:
  const Keys m_keys;
  platform::SimulatedFileSystem m_files;

  virtual std::unique_ptr<state::Engine> engine(const std::string& workspace) = 0;
};

class MemoryBench final : public ServerBench<MemoryServer> {
 public:
  explicit MemoryBench(LockRunsOut runs_out, Keys keys = nullptr) : ServerBench(std::move(keys)) {
    if (runs_out == LockRunsOut::no) return;
    m_server.renewal = 10ms;
    m_server.time_to_live = 1h;
  }
  bool take_lock_away(const std::string& workspace) override { return forget_lock(workspace); }
  bool let_lock_run_out() override { return pass_two_hours(); }
  std::string holdings() override {
    const std::scoped_lock guard(m_server.mutex);
    std::string all;
    for (const auto& [name, space] : m_server.spaces) {
      all += space.document.value_or("") + space.alerts.value_or("");
      for (const auto& [number, batch] : space.log)
        for (const auto& line : batch.lines) all += line;
    }
    for (const auto& [what, text] : m_server.shared) all += text.text;
    return all;
  }

 private:
  std::unique_ptr<state::Engine> engine(const std::string& workspace) override {
    return open_memory(m_server, workspace);
  }
};

/// The engine of S3 over a bucket that does not forget what was once removed.
class BucketBench final : public ServerBench<MemoryBucket> {
 public:
  explicit BucketBench(Keys keys = nullptr) : ServerBench(std::move(keys)) {
    m_server.removals = MemoryBucket::Removals::remembered;
  }
  std::string holdings() override {
    const std::scoped_lock guard(m_server.mutex);
    std::string all;
    for (const auto& [key, bytes] : m_server.objects) all += key + bytes;
    return all;
  }

 private:
  std::unique_ptr<state::Engine> engine(const std::string& workspace) override {
    return state::s3::open_engine({}, workspace, open_memory_bucket(m_server), m_clock, m_random);
  }
};

/// The engine of Azure Blob over a container whose clock stands still until it is told.
class ContainerBench final : public ServerBench<MemoryContainer> {
 public:
  using ServerBench::ServerBench;
  bool let_lock_run_out() override { return pass_two_hours(); }
  std::string holdings() override {
    const std::scoped_lock guard(m_server.mutex);
    std::string all;
    for (const auto& [name, blob] : m_server.blobs) all += name + blob.bytes;
    return all;
  }

 private:
  std::unique_ptr<state::Engine> engine(const std::string& workspace) override {
    return state::azblob::open_engine({}, workspace, open_memory_container(m_server), m_clock, m_random);
  }
};

/// The engine of etcd over keys whose leases run out by a clock that stands still.
class KeysBench final : public ServerBench<MemoryKeyValues> {
 public:
  using ServerBench::ServerBench;
  bool let_lock_run_out() override { return pass_two_hours(); }
  std::string holdings() override {
    const std::scoped_lock guard(m_server.mutex);
    std::string all;
    for (const auto& [key, kept] : m_server.keys) all += key + kept.value;
    return all;
  }

 private:
  std::unique_ptr<state::Engine> engine(const std::string& workspace) override {
    return state::etcd::open_engine({}, workspace, open_memory_keys(m_server), m_clock, m_random);
  }
};

/// The engine of HTTP over a server that looks whose lock a write names.
class StateServerBench final : public ServerBench<MemoryStateServer> {
 public:
  using ServerBench::ServerBench;
  std::string holdings() override {
    const std::scoped_lock guard(m_server.mutex);
    std::string all;
    for (const auto& [name, space] : m_server.spaces) all += space.document.value_or("");
    return all;
  }
  bool take_lock_away(const std::string& workspace) override { return forget_lock(workspace); }

 private:
  std::unique_ptr<state::Engine> engine(const std::string& workspace) override {
    return state::http::open_engine(workspace, open_memory_state_server(m_server), m_clock, m_random);
  }
};

}  // namespace

std::vector<BackendKind> backend_kinds() {
  return {{"local", [] { return std::make_unique<LocalBench>(); }},
          {"memory", [] { return std::make_unique<MemoryBench>(LockRunsOut::no); }},
          {"memory with a lock that runs out", [] { return std::make_unique<MemoryBench>(LockRunsOut::yes); }},
          {"a bucket in memory", [] { return std::make_unique<BucketBench>(); }},
          {"a container in memory", [] { return std::make_unique<ContainerBench>(); }},
          {"keys in memory", [] { return std::make_unique<KeysBench>(); }},
          {"a state server in memory", [] { return std::make_unique<StateServerBench>(); }},
          {"local, encrypted", [] { return std::make_unique<LocalBench>(test_keys()); }},
          {"memory, encrypted", [] { return std::make_unique<MemoryBench>(LockRunsOut::no, test_keys()); }},
          {"a bucket in memory, encrypted", [] { return std::make_unique<BucketBench>(test_keys()); }},
          {"a container in memory, encrypted", [] { return std::make_unique<ContainerBench>(test_keys()); }},
          {"keys in memory, encrypted", [] { return std::make_unique<KeysBench>(test_keys()); }},
          {"a state server in memory, encrypted", [] { return std::make_unique<StateServerBench>(test_keys()); }}};
}

}  // namespace trunkform::testing
