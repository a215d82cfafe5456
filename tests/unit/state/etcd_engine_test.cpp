// A state in etcd over keys in memory: what the kit of backends cannot see from above.
#include <catch2/catch.hpp>

#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/random.hpp"
#include "schemas/codec/state_codec.hpp"
#include "state/backends/etcd/engine.hpp"
#include "tests/support/memory_key_values.hpp"
#include "tests/unit/state/state_fixture.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using Answer = MemoryKeyValues::Answer;

namespace {

constexpr const char* k_space = "trunkform/workspaces/default/";

struct Bench {
  MemoryKeyValues values;
  platform::SimulatedClock clock{at(0)};
  platform::SeededRandom random{1};
  Context context;

  std::unique_ptr<state::Engine> open(const std::string& workspace = "default") {
    return state::etcd::open_engine({}, workspace, open_memory_keys(values), clock, random);
  }
  std::size_t keys_beneath(const std::string& prefix) {
    std::size_t count = 0;
    for (const auto& [key, value] : values.keys) count += key.starts_with(prefix) ? 1 : 0;
    return count;
  }
  std::string& text(const std::string& key) { return values.keys.at(k_space + key).value; }
};

/// `resources` of them, in serial `serial`; all that are there have `chain`.
StateDocument document_of(int resources, std::uint64_t serial, const std::string& chain = "one") {
  StateDocument document;
  document.lineage = "5b0ad1c4-7e0c-4c8e-9a53-0a1f6d0c2b11";
  document.serial = serial;
  for (int i = 0; i < resources; ++i) {
    auto record = record_of("t" + std::to_string(i), chain);
    document.resources.emplace(record.address, std::move(record));
  }
  return document;
}

void must_have(state::Engine& engine, const StateDocument& wanted) {
  const auto found = engine.load({});
  INFO((found ? "" : to_line(found.error())));
  REQUIRE(found);
  REQUIRE(*found);
  CHECK(encode_state(**found) == encode_state(wanted));
}

}  // namespace

TEST_CASE("a document that is more than one step of etcd takes is there whole, or not at all") {
  Bench bench;
  const auto engine = bench.open();
  const auto before = document_of(400, 1);
  auto next = document_of(300, 2, "two");
  REQUIRE(engine->take_lock(bench.context, lock_info("own")));
  REQUIRE(engine->write(bench.context, "own", nullptr, before));
  bench.values.transactions = 0;
  Bench counted;
  {
    const auto other = counted.open();
    REQUIRE(other->take_lock(counted.context, lock_info("own")));
    REQUIRE(other->write(counted.context, "own", nullptr, before));
    counted.values.transactions = 0;
    REQUIRE(other->write(counted.context, "own", &before, next));
  }
  REQUIRE(counted.values.transactions > 6);
  // A run that dies after each of its steps: a reader sees the one document or the other, and the next run goes on.
  for (std::size_t steps = 0; steps < counted.values.transactions; ++steps) {
    INFO(steps);
    Bench dying;
    const auto dead = dying.open();
    REQUIRE(dead->take_lock(dying.context, lock_info("dead")));
    REQUIRE(dead->write(dying.context, "dead", nullptr, before));
    dying.values.answers = std::deque<Answer>(steps, Answer::comes);
    dying.values.answers.insert(dying.values.answers.end(), 100, Answer::lost_before_the_write);
    const auto written = dead->write(dying.context, "dead", &before, next);
    dying.values.answers.clear();
    const auto reader = dying.open();
    must_have(*reader, written ? next : before);
    const auto heir = dying.open();
    REQUIRE(heir->break_lock(dying.context, "dead"));
    REQUIRE(heir->take_lock(dying.context, lock_info("heir")));
    const auto third = document_of(10, 3, "three");
    REQUIRE(heir->write(dying.context, "heir", written ? &next : &before, third));
    must_have(*reader, third);
    CHECK(dying.keys_beneath(std::string(k_space) + "document/") == 12);
  }
}

TEST_CASE("what a write replaced is not kept, and what it staged neither") {
  Bench bench;
  const auto engine = bench.open();
  REQUIRE(engine->take_lock(bench.context, lock_info("own")));
  auto before = document_of(400, 1);
  REQUIRE(engine->write(bench.context, "own", nullptr, before));
  for (std::uint64_t serial = 2; serial < 6; ++serial) {
    auto next = document_of(serial % 2 == 0 ? 5 : 400, serial, "chain-" + std::to_string(serial));
    REQUIRE(engine->write(bench.context, "own", &before, next));
    before = std::move(next);
    must_have(*engine, before);
    CHECK(bench.keys_beneath(std::string(k_space) + "document/") == before.resources.size() + 2);
  }
}

TEST_CASE("a large write of a run that lost its lock changes nothing, at any of its steps") {
  for (int steps = 0; steps < 5; ++steps) {
    INFO(steps);
    Bench bench;
    const auto stale = bench.open();
    const auto next = bench.open();
    const auto before = document_of(1, 1);
    REQUIRE(stale->take_lock(bench.context, lock_info("stale")));
    REQUIRE(stale->write(bench.context, "stale", nullptr, before));
    // So far it came, and then its lease ended.
    bench.values.answers = std::deque<Answer>(static_cast<std::size_t>(steps), Answer::comes);
    bench.values.answers.push_back(Answer::lost_before_the_write);
    REQUIRE_FALSE(stale->write(bench.context, "stale", &before, document_of(400, 2)));
    bench.values.answers.clear();
    bench.values.now += std::chrono::hours(2);
    REQUIRE(next->take_lock(bench.context, lock_info("next")));
    const auto revision = bench.values.revision;
    const auto late = stale->write(bench.context, "stale", &before, document_of(400, 2));
    REQUIRE_FALSE(late);
    CHECK(late.error().code == ErrorCode::fenced);
    CHECK(bench.values.revision == revision);
    must_have(*next, before);
  }
}

TEST_CASE("history that is compacted while the state is read does not matter") {
  Bench bench;
  const auto engine = bench.open();
  REQUIRE(engine->take_lock(bench.context, lock_info("own")));
  const auto document = document_of(1200, 1);
  REQUIRE(engine->write(bench.context, "own", nullptr, document));
  bench.values.forgets = 2;
  must_have(*engine, document);
  CHECK(bench.values.forgets == 0);
}

TEST_CASE("many events in one batch are there together") {
  Bench bench;
  const auto engine = bench.open();
  REQUIRE(engine->take_lock(bench.context, lock_info("own")));
  REQUIRE(engine->append(bench.context, "own", {1, {"{}"}}));
  state::EventBatch batch{2, {}};
  for (int i = 0; i < 500; ++i) batch.lines.push_back("{\"n\":" + std::to_string(i) + "}");
  bench.values.answers = {Answer::comes, Answer::lost_before_the_write};
  CHECK(engine->append(bench.context, "own", batch).error().code == ErrorCode::outcome_unknown);
  CHECK(engine->events(bench.context, 0)->lines.size() == 1);
  CHECK((*engine->last_event(bench.context))->first == 1);
  REQUIRE(engine->append(bench.context, "own", batch));
  CHECK(engine->events(bench.context, 1)->lines == batch.lines);
  CHECK((*engine->last_event(bench.context))->first == 501);
}

TEST_CASE("a write that arrived late, after its answer was lost, is known as our own") {
  Bench bench;
  const auto engine = bench.open();
  const auto other = bench.open();
  REQUIRE(engine->take_lock(bench.context, lock_info("own")));
  const auto document = document_of(3, 1);
  const state::EventBatch batch{1, {"{}"}};
  bench.values.answers = {Answer::lost_after_the_write};
  CHECK(engine->write(bench.context, "own", nullptr, document).error().code == ErrorCode::outcome_unknown);
  CHECK(engine->write(bench.context, "own", nullptr, document));
  bench.values.answers = {Answer::lost_after_the_write};
  CHECK(engine->append(bench.context, "own", batch).error().code == ErrorCode::outcome_unknown);
  CHECK(engine->append(bench.context, "own", batch));
  // Another process that says the same has not written it.
  CHECK(other->write(bench.context, "own", nullptr, document).error().code == ErrorCode::conflict);
  CHECK(other->append(bench.context, "own", batch).error().code == ErrorCode::fenced);
}

TEST_CASE("a text that all share is longer than a key of etcd, and of two writers one has it") {
  Bench bench;
  const auto one = bench.open();
  const auto two = bench.open();
  const std::string first(3'000'000, 'a');
  const std::string second(2'500'000, 'b');
  REQUIRE(one->write_shared(bench.context, state::Shared::owners, {}, first));
  const auto seen = one->read_shared(bench.context, state::Shared::owners).value().value();
  CHECK(seen.text == first);
  REQUIRE(two->write_shared(bench.context, state::Shared::owners, seen.revision, second));
  CHECK(one->write_shared(bench.context, state::Shared::owners, seen.revision, first).error().code ==
        ErrorCode::conflict);
  CHECK(one->read_shared(bench.context, state::Shared::owners).value()->text == second);
  CHECK(bench.keys_beneath("trunkform/shared/owners.parts/") == 2);
}

TEST_CASE("a state that is damaged is told, and mended by a write that expects nothing") {
  const std::string broken =
      GENERATE("document/head", "document/pieces/base/00000000000000000000/00000000000000000001");
  INFO(broken);
  Bench bench;
  const auto engine = bench.open();
  REQUIRE(engine->take_lock(bench.context, lock_info("own")));
  const auto document = document_of(3, 1);
  REQUIRE(engine->write(bench.context, "own", nullptr, document));
  bench.text(broken) = "torn";
  CHECK(engine->load(bench.context).error().code == ErrorCode::corrupt);
  const auto mended = document_of(2, 7);
  REQUIRE(engine->write(bench.context, "own", nullptr, mended));
  must_have(*engine, mended);
  CHECK(bench.keys_beneath(std::string(k_space) + "document/") == 4);
}

TEST_CASE("what a later version wrote is left alone") {
  Bench bench;
  const auto engine = bench.open();
  REQUIRE(engine->take_lock(bench.context, lock_info("own")));
  REQUIRE(engine->write(bench.context, "own", nullptr, document_of(3, 1)));
  bench.text("document/head") = "trunkform-etcd 2 anything\n";
  const auto keys = bench.values.keys.size();
  CHECK(engine->load(bench.context).error().code == ErrorCode::unsupported);
  CHECK(engine->write(bench.context, "own", nullptr, document_of(3, 2)).error().code == ErrorCode::unsupported);
  CHECK(bench.values.keys.size() == keys);
}

TEST_CASE("an address with a slash in it is a key of its own") {
  Bench bench;
  const auto engine = bench.open();
  REQUIRE(engine->take_lock(bench.context, lock_info("own")));
  auto document = document_of(1, 1);
  auto slashed = record_of("t0", "two");
  slashed.address.key = "a/00000000000000000009%2F";
  document.resources.emplace(slashed.address, slashed);
  REQUIRE(engine->write(bench.context, "own", nullptr, document));
  must_have(*engine, document);
}

TEST_CASE("a deleted lock and an ended lease are told by the next renewal") {
  Bench bench;
  const auto engine = bench.open();
  REQUIRE(engine->take_lock(bench.context, lock_info("own")));
  CHECK(engine->renew(bench.context, "own"));
  const bool by_key = GENERATE(true, false);
  if (by_key)
    bench.values.keys.erase(std::string(k_space) + "lock");
  else
    bench.values.now += std::chrono::hours(1);
  CHECK(engine->renew(bench.context, "own").error().code == ErrorCode::fenced);
}
