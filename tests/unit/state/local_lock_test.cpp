#include <functional>

#include <catch2/catch.hpp>

#include "schemas/codec/lock_codec.hpp"
#include "tests/unit/state/state_fixture.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using platform::SimulatedFileSystem;

TEST_CASE("two holders exclude each other, and the second learns who, what and since when") {
  SimulatedFileSystem files;
  Process first(files, 1);
  Process second(files, 2);
  const auto lease = first.acquire("lock-1");
  const auto refused = second.backend.lock->acquire(second.context, lock_info("lock-2"));
  CHECK(code_of(refused) == ErrorCode::lock_held);
  CHECK(refused.error().detail == "ops@host (pid 7) holds it since 2025-11-24T16:00:00Z for `apply` (lock id lock-1)");
  CHECK((*second.backend.lock->holder(second.context))->id == "lock-1");
  REQUIRE(first.backend.lock->release(first.context, lease));
  CHECK(second.backend.lock->acquire(second.context, lock_info("lock-2")));
}

TEST_CASE("lock info on disk has the seven fields and the epoch, and is gone after the release") {
  SimulatedFileSystem files;
  Process process(files);
  const auto lease = process.acquire();
  const auto info = decode_lock_info(*files.read(k_lock_info, 4096));
  REQUIRE(info);
  CHECK(info->id == "lock-1");
  CHECK(info->path == k_state.string());
  CHECK(info->epoch == lease.fence.epoch);
  REQUIRE(process.backend.lock->release(process.context, lease));
  CHECK_FALSE(*files.exists(k_lock_info));
  CHECK(*files.exists(k_lock));
}

TEST_CASE("the lock of a process that died is free, whatever its note says") {
  SimulatedFileSystem files;
  Process killed(files, 1);
  killed.acquire("lock-1");
  files.kernel().restart();
  REQUIRE(*files.exists(k_lock_info));
  Process next(files, 2);
  CHECK_FALSE(*next.backend.lock->holder(next.context));
  CHECK(next.acquire("lock-2").fence.epoch > 1);
}

TEST_CASE("every epoch is higher than all before, and its number is that of its event") {
  SimulatedFileSystem files;
  Process process(files);
  std::uint64_t before = 0;
  for (const auto* id : {"x", "y", "z"}) {
    const auto lease = process.acquire(id);
    CHECK(lease.fence.epoch > before);
    before = lease.fence.epoch;
    const auto page = process.backend.log->read(process.context, before - 1);
    REQUIRE(page);
    CHECK(std::get<EpochOpened>(page->events.at(0).body).epoch == page->events.at(0).sequence);
    REQUIRE(process.backend.lock->release(process.context, lease));
  }
}

TEST_CASE("a lease that was given back, or is of another epoch, writes nothing") {
  SimulatedFileSystem files;
  Process process(files);
  const auto old = process.acquire("lock-1");
  REQUIRE(process.backend.lock->release(process.context, old));
  CHECK(code_of(process.append(old, {committed("a", "one")})) == ErrorCode::fenced);
  CHECK(code_of(process.backend.lock->release(process.context, old)) == ErrorCode::fenced);
  process.acquire("lock-1");
  CHECK(code_of(process.append(old, {committed("a", "one")})) == ErrorCode::fenced);
  CHECK(code_of(process.backend.store->commit(process.context, old.fence, {"l", 0}, {})) == ErrorCode::fenced);
  CHECK(process.backend.log->read(process.context, 0)->last == 2);
}

TEST_CASE("who loses the lock file is fenced, is told so, and does not remove the next holder's note") {
  SimulatedFileSystem files;
  Process first(files, 1);
  const auto lease = first.acquire("lock-1");
  REQUIRE(files.remove(k_lock));
  Process second(files, 2);
  second.acquire("lock-2");
  CHECK_FALSE(lease.lost.stop_requested());
  CHECK(code_of(first.append(lease, {committed("a", "one")})) == ErrorCode::fenced);
  CHECK(lease.lost.stop_requested());
  CHECK(code_of(first.backend.store->commit(first.context, lease.fence, {"l", 0}, {})) == ErrorCode::fenced);
  REQUIRE(first.backend.lock->release(first.context, lease));
  CHECK((*second.backend.lock->holder(second.context))->id == "lock-2");
  CHECK(*files.exists(k_lock_info));
}

TEST_CASE("an event number that is taken, or not yet due, is fenced") {
  SimulatedFileSystem files;
  Process process(files);
  const auto lease = process.acquire();
  std::vector<Event> events{event_of(0, RunStarted{"apply", 1, ""})};
  auto& log = *process.backend.log;
  CHECK(code_of(log.append(process.context, lease.fence, 1, events)) == ErrorCode::fenced);
  CHECK(code_of(log.append(process.context, lease.fence, 3, events)) == ErrorCode::fenced);
  CHECK(log.append(process.context, lease.fence, 2, events).value() == 2);
}

TEST_CASE("an event that could not be read back is refused and the log goes on") {
  SimulatedFileSystem files;
  Process process(files);
  const auto lease = process.acquire();
  auto bad = intent_of("a", "one");
  bad.record.chain = nullptr;
  CHECK(code_of(process.append(lease, {bad})) == ErrorCode::internal);
  CHECK(process.append(lease, {intent_of("a", "one")}).value() == 2);
}

TEST_CASE("force-unlock removes a note that nobody holds, only by its id, and never a living lock") {
  SimulatedFileSystem files;
  Process process(files, 1);
  auto& lock = *process.backend.lock;
  CHECK(code_of(lock.break_lock(process.context, "lock-1")) == ErrorCode::not_found);
  process.acquire("lock-1");
  Process other(files, 2);
  CHECK(code_of(other.backend.lock->break_lock(other.context, "lock-9")) == ErrorCode::conflict);
  const auto living = other.backend.lock->break_lock(other.context, "lock-1");
  CHECK(code_of(living) == ErrorCode::unsupported);
  CHECK(living.error().hints.size() == 1);
  files.kernel().restart();
  Process next(files, 3);
  CHECK(code_of(next.backend.lock->break_lock(next.context, "lock-9")) == ErrorCode::conflict);
  CHECK(next.backend.lock->break_lock(next.context, "lock-1"));
  CHECK_FALSE(*files.exists(k_lock_info));
}

TEST_CASE("a stop that was asked for takes no lock") {
  SimulatedFileSystem files;
  Process process(files);
  std::stop_source stop;
  stop.request_stop();
  Context context;
  context.stop = stop.get_token();
  CHECK(code_of(process.backend.lock->acquire(context, lock_info("x"))) == ErrorCode::cancelled);
  CHECK_FALSE(*files.exists(k_lock));
}

namespace {

/// Somebody acts while another one sleeps.
struct EventfulClock final : Clock {
  platform::SimulatedClock clock{at(0)};
  std::function<void()> on_sleep;
  Instant now() const override { return clock.now(); }
  Duration monotonic() const override { return clock.monotonic(); }
  Result<> sleep(const Context& context, Duration duration) override {
    if (on_sleep) on_sleep();
    return clock.sleep(context, duration);
  }
};

}  // namespace

TEST_CASE("two who ask at the same moment whether the lock is held do not take one another for a run") {
  SimulatedFileSystem files;
  Process before(files, 1);
  const auto lease = before.acquire();
  REQUIRE(before.backend.lock->release(before.context, lease));
  EventfulClock clock;
  auto backend = state::open_local(files, clock, before.random, k_folder).value();
  // Another `holder` has it for an instant.
  auto instant = files.lock(k_lock);
  REQUIRE(instant);
  clock.on_sleep = [&] { instant->reset(); };
  const auto holder = backend.lock->holder({});
  REQUIRE(holder);
  CHECK_FALSE(*holder);
}
