// The kit: many processes that want one lock. Not asked by itself: a script starts [storm] many times side by side in
// one place (BACKEND_PLACE), and [after-the-storm] once when all have ended.
#include <chrono>
#include <set>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

#include "state/document/hash_chain.hpp"
#include "tests/support/backend_kit/kit_bench.hpp"
#include "tests/support/backend_machine.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using namespace trunkform::testing::kit;
using namespace std::chrono_literals;

namespace {

/// What no two processes have at once, whatever the backend believes.
class Alone {
 public:
  Alone()
      : m_path(said("STORM_MARKER")), m_file(::open(m_path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600)) {}
  Alone(const Alone&) = delete;
  Alone& operator=(const Alone&) = delete;
  ~Alone() {
    if (m_file < 0) return;
    ::close(m_file);
    ::unlink(m_path.c_str());
  }
  bool is() const { return m_file >= 0; }

 private:
  std::string m_path;
  int m_file;
};

}  // namespace

TEST_CASE("storm: one holder at a time, and each commit is on top of the last", "[.storm]") {
  Asked asked;
  const auto rounds = std::stoi(said("STORM_ROUNDS"));
  for (int round = 0; round < rounds; ++round) {
    Writer writer(*asked.bench);
    for (;;) {
      auto lease =
          writer.backend.lock->acquire(writer.context, lock_info(said("STORM_NAME") + "-" + std::to_string(round)));
      if (lease) {
        writer.lease = std::move(*lease);
        break;
      }
      INFO(to_line(lease.error()));
      REQUIRE(lease.error().code == ErrorCode::lock_held);
      std::this_thread::sleep_for(10ms);
    }
    {
      const Alone alone;
      REQUIRE(alone.is());
      const auto before = writer.token();
      const auto after = must(writer.bind("a", round % 2 == 0 ? "one" : "two"));
      REQUIRE(after.serial == before.serial + 1);
    }
    writer.unlock();
  }
}

TEST_CASE("storm: afterwards nothing is lost", "[.after-the-storm]") {
  Asked asked;
  const auto expected = static_cast<std::size_t>(std::stoul(said("STORM_TOTAL")));
  Writer writer(*asked.bench);
  CHECK(writer.document().serial == expected);
  const auto log = must(writer.backend.log->read(writer.context, 0));
  must(state::verify_chain(log.events));
  std::set<std::uint64_t> epochs;
  for (const auto& event : log.events)
    if (const auto* opened = std::get_if<EpochOpened>(&event.body)) epochs.insert(opened->epoch);
  CHECK(epochs.size() == expected);
  CHECK(log.events.size() == expected);
}
