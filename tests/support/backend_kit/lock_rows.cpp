// The kit: the lock, and what it protects.
#include <mutex>
#include <set>
#include <thread>

#include "tests/support/backend_kit/kit_bench.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::testing;
using namespace trunkform::testing::kit;

namespace {

/// Whatever a holder that is none any more tries, is refused.
void must_be_fenced(Writer& writer) {
  std::vector<Event> events{event_of(0, intent_of("a", "late"))};
  const auto end = must(writer.backend.log->read(writer.context, 0)).last;
  must_fail(writer.backend.log->append(writer.context, writer.lease.fence, end + 1, events), ErrorCode::fenced);
}

bool is_told(const Lease& lease) {
  for (int i = 0; i < 200 && !lease.lost.stop_requested(); ++i) std::this_thread::sleep_for(50ms);
  return lease.lost.stop_requested();
}

}  // namespace

TEST_CASE("kit: one at a time has the lock, and the other is told who") {
  Asked asked;
  INFO(asked.kind.name);
  Writer first(*asked.bench);
  Writer second(*asked.bench);
  first.lock();
  const auto refused = second.backend.lock->acquire(second.context, lock_info("another"));
  must_fail(refused, ErrorCode::lock_held);
  CHECK(refused.error().detail.find("ops@host (pid 7)") != std::string::npos);
  CHECK(refused.error().detail.find(first.lock_id()) != std::string::npos);
  const auto holder = must(second.backend.lock->holder(second.context));
  REQUIRE(holder);
  CHECK(holder->id == first.lock_id());
  CHECK(holder->operation == "apply");
  const auto epoch = first.lease.fence.epoch;
  first.unlock();
  CHECK_FALSE(must(second.backend.lock->holder(second.context)));
  second.lock();
  CHECK(second.lease.fence.epoch > epoch);
  second.unlock();
}

TEST_CASE("kit: what was given back writes nothing more") {
  Asked asked;
  INFO(asked.kind.name);
  Writer writer(*asked.bench);
  writer.lock();
  const auto token = must(writer.bind("a", "one"));
  const auto fence = writer.lease.fence;
  writer.unlock();
  StateDelta delta;
  delta.upserts = {record_of("b", "two")};
  must_fail(writer.backend.store->commit(writer.context, fence, token, delta), ErrorCode::fenced);
  std::vector<Event> events{event_of(0, intent_of("a", "two"))};
  must_fail(writer.backend.log->append(writer.context, fence, 2, events), ErrorCode::fenced);
}

TEST_CASE("kit: a lock is broken by its id alone, and its holder writes nothing more") {
  Asked asked;
  INFO(asked.kind.name);
  if (asked.kind.name.starts_with("local"))
    return;  // the operating system's: it cannot be broken while its process lives
  Writer holder(*asked.bench);
  holder.lock();
  const auto token = must(holder.bind("a", "one"));
  Writer other(*asked.bench);
  const auto wrong = other.backend.lock->break_lock(other.context, "no-such-lock");
  must_fail(wrong, ErrorCode::conflict);
  CHECK(wrong.error().detail.find(holder.lock_id()) != std::string::npos);
  must(other.backend.lock->break_lock(other.context, holder.lock_id()));
  CHECK_FALSE(must(other.backend.lock->holder(other.context)));
  other.lock();
  if (!asked.can.fence) return;
  must_be_fenced(holder);
  StateDelta delta;
  delta.upserts = {record_of("b", "late")};
  must_fail(holder.backend.store->commit(holder.context, holder.lease.fence, token, delta), ErrorCode::fenced);
  CHECK(must(other.bind("c", "three")).serial == token.serial + 1);
  CHECK_FALSE(other.document().resources.contains(address_of("b")));
}

TEST_CASE("kit: a commit alone of one who lost the lock is fenced") {
  Asked asked;
  INFO(asked.kind.name);
  if (!asked.can.fence || asked.kind.name.starts_with("local")) return;
  Writer holder(*asked.bench);
  holder.lock();
  must(holder.bind("a", "one"));
  Writer other(*asked.bench);
  must(other.backend.lock->break_lock(other.context, holder.lock_id()));
  other.lock();
  must_fail(holder.bind("a", "late"), ErrorCode::fenced);
  CHECK(identity_in(other.document(), "a") == chain_named("one")->identity);
}

TEST_CASE("kit: the first commit of all, by one who lost the lock, is fenced") {
  Asked asked;
  INFO(asked.kind.name);
  if (!asked.can.fence || asked.kind.name.starts_with("local")) return;
  Writer holder(*asked.bench);
  holder.lock();
  Writer other(*asked.bench);
  must(other.backend.lock->break_lock(other.context, holder.lock_id()));
  other.lock();
  must_fail(holder.bind("a", "late"), ErrorCode::fenced);
  CHECK(must(other.bind("a", "one")).serial == 1);
}

TEST_CASE("kit: a lock that is taken away is told to who held it") {
  Asked asked;
  INFO(asked.kind.name);
  Writer holder(*asked.bench);
  holder.lock();
  if (!asked.bench->take_lock_away(k_default_workspace)) return;
  if (asked.can.ttl) CHECK(is_told(holder.lease));
  must_be_fenced(holder);
  CHECK(holder.lease.lost.stop_requested());
}

TEST_CASE("kit: the lock of a dead run runs out") {
  Asked asked;
  INFO(asked.kind.name);
  if (!asked.can.ttl) return;
  Writer dead(*asked.bench);
  dead.lock();
  if (!asked.bench->let_lock_run_out()) return;
  Writer next(*asked.bench);
  next.lock();
  CHECK(next.lease.fence.epoch > dead.lease.fence.epoch);
  must_be_fenced(dead);
}

TEST_CASE("kit: taking the lock, its request or answer lost, takes it once") {
  Asked asked;
  INFO(asked.kind.name);
  const auto lost = GENERATE(BackendBench::Lost::request, BackendBench::Lost::answer);
  Writer writer(*asked.bench);
  if (!asked.bench->lose_next(lost)) return;
  writer.lock();
  CHECK(asked.bench->has_lost());
  CHECK(must(writer.bind("a", "one")).serial == 1);
  writer.unlock();
  CHECK_FALSE(must(writer.backend.lock->holder(writer.context)));
}

TEST_CASE("kit: many at once, and never two in one epoch") {
  Asked asked;
  INFO(asked.kind.name);
  constexpr int k_writers = 4;
  constexpr int k_rounds = 6;
  std::mutex turn;
  std::multiset<std::uint64_t> epochs;
  std::vector<std::string> wrong;
  std::atomic<int> inside = 0;
  {
    std::vector<std::jthread> writers;
    for (int i = 0; i < k_writers; ++i)
      writers.emplace_back([&, backend = std::make_shared<state::Backend>(asked.bench->open()), i] {
        const Context context;
        for (int round = 0; round < k_rounds;) {
          auto lease =
              backend->lock->acquire(context, lock_info("w" + std::to_string(i) + "-" + std::to_string(round)));
          if (!lease) {
            const std::scoped_lock guard(turn);
            if (lease.error().code != ErrorCode::lock_held) wrong.push_back(to_line(lease.error()));
            if (!wrong.empty()) return;
            std::this_thread::yield();
            continue;
          }
          const bool alone = ++inside == 1;
          const auto snapshot = backend->store->load(context);
          const auto token =
              snapshot && *snapshot ? (*snapshot)->token : StateToken{"5b0ad1c4-7e0c-4c8e-9a53-0a1f6d0c2b11", 0};
          StateDelta delta;
          delta.upserts = {record_of("t" + std::to_string(i), "c" + std::to_string(round))};
          const auto done = backend->store->commit(context, lease->fence, token, delta);
          --inside;
          {
            const std::scoped_lock guard(turn);
            epochs.insert(lease->fence.epoch);
            if (!alone) wrong.emplace_back("two were inside");
            if (!done) wrong.push_back(to_line(done.error()));
          }
          if (auto left = backend->lock->release(context, std::move(*lease)); !left) {
            const std::scoped_lock guard(turn);
            wrong.push_back(to_line(left.error()));
          }
          ++round;
        }
      });
  }
  for (const auto& line : wrong) FAIL_CHECK(line);
  CHECK(epochs.size() == k_writers * k_rounds);
  CHECK(std::set(epochs.begin(), epochs.end()).size() == epochs.size());
  CHECK(Writer(*asked.bench).document().serial == k_writers * k_rounds);
}
