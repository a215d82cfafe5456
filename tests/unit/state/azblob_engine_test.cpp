// A state in Azure Blob Storage over a container in memory: what the kit of backends cannot see from above.
#include "state/backends/azblob/state_blob.hpp"
#include "tests/unit/state/azblob_fixture.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::testing;

TEST_CASE("a document that is under way while the lease runs out, and nobody takes it, is refused by the lease") {
  BlobBench bench;
  const auto slow = std::make_shared<SlowBlobs>(open_memory_container(bench.container));
  const auto stale = bench.open(slow);
  REQUIRE(stale->take_lock(bench.context, lock_info("stale")));
  slow->before_write = [&](const std::string&) { bench.container.now += 2min; };
  CHECK(code_of(stale->write(bench.context, "stale", nullptr, numbered_document(1))) == ErrorCode::fenced);
}

TEST_CASE("a document that is under way while another takes the lock is refused, though the document is the same") {
  BlobBench bench;
  const auto slow = std::make_shared<SlowBlobs>(open_memory_container(bench.container));
  const auto stale = bench.open(slow);
  const auto next = bench.open();
  const bool is_first = GENERATE(true, false);
  const bool ran_out = GENERATE(true, false);
  REQUIRE(stale->take_lock(bench.context, lock_info("stale")));
  const auto first = numbered_document(1);
  if (!is_first) REQUIRE(stale->write(bench.context, "stale", nullptr, first));
  slow->before_write = [&](const std::string& name) {
    REQUIRE(name.ends_with("/state"));
    if (ran_out) bench.container.now += 2min;
    if (!ran_out) REQUIRE(next->break_lock(bench.context, "stale"));
    REQUIRE(next->take_lock(bench.context, lock_info("next")));
  };
  const auto* before = is_first ? nullptr : &first;
  const auto second = numbered_document(2);
  CHECK(code_of(stale->write(bench.context, "stale", before, second)) == ErrorCode::fenced);
  CHECK(next->write(bench.context, "next", before, second));
}

TEST_CASE("a document that arrives a second time, after the next one, is refused under the same lease") {
  BlobBench bench;
  const auto slow = std::make_shared<SlowBlobs>(open_memory_container(bench.container));
  const auto engine = bench.open(slow);
  REQUIRE(engine->take_lock(bench.context, lock_info("l")));
  const auto first = numbered_document(1);
  REQUIRE(engine->write(bench.context, "l", nullptr, first));
  const auto late = slow->again;
  REQUIRE(engine->write(bench.context, "l", &first, numbered_document(2)));
  CHECK(code_of(late()) == ErrorCode::conflict);
  CHECK((*engine->load(bench.context))->serial == 2);
}

TEST_CASE("in Azure: a write that reached the server twice is not taken for another's") {
  BlobBench bench;
  const auto engine = bench.open();
  using Answer = MemoryContainer::Answer;
  bench.container.answers = {Answer::sent_twice};
  REQUIRE(engine->take_lock(bench.context, lock_info("l")));
  bench.container.answers = {Answer::sent_twice};
  const auto document = numbered_document(1);
  CHECK(engine->write(bench.context, "l", nullptr, document));
  bench.container.answers = {Answer::sent_twice};
  CHECK(engine->write_shared(bench.context, state::Shared::owners, std::nullopt, "{}"));
  CHECK(bench.container.answers.empty());
}

TEST_CASE("in Azure: giving the lock back, its request or answer lost, gives it back") {
  BlobBench bench;
  const auto engine = bench.open();
  REQUIRE(engine->take_lock(bench.context, lock_info("l")));
  bench.container.answers = {
      GENERATE(MemoryContainer::Answer::lost_before_the_write, MemoryContainer::Answer::lost_after_the_write)};
  CHECK(engine->give_back(bench.context, "l"));
  CHECK_FALSE(*engine->holder(bench.context));
  CHECK(code_of(engine->give_back(bench.context, "l")) == ErrorCode::fenced);
}

TEST_CASE("a lease of somebody who has not said who it is, is a lock that nobody is named for") {
  BlobBench bench;
  const auto engine = bench.open();
  REQUIRE(engine->take_lock(bench.context, lock_info("l")));
  REQUIRE(engine->give_back(bench.context, "l"));
  const auto store = open_memory_container(bench.container);
  REQUIRE(store->lease(bench.context, "trunkform/workspaces/default/state", bench.random.uuid(), 1min));
  CHECK(code_of(engine->take_lock(bench.context, lock_info("m"))) == ErrorCode::lock_held);
  const auto holder = engine->holder(bench.context);
  REQUIRE_FALSE(holder);
  CHECK(holder.error().hints.front().find("az storage blob lease break") != std::string::npos);
  CHECK(code_of(engine->break_lock(bench.context, "l")) == ErrorCode::conflict);
}

TEST_CASE("a lock is a lease of its own id, and its note is ASCII and not too long") {
  CHECK(state::azblob::lease_id_of("1B2C3D4E-0000-4000-8000-000000000001") == "1b2c3d4e-0000-4000-8000-000000000001");
  const auto made = state::azblob::lease_id_of("l-1");
  CHECK(made.size() == 36);
  CHECK(made == state::azblob::lease_id_of("l-1"));
  CHECK(made != state::azblob::lease_id_of("l-2"));
  auto info = lock_info("l");
  const auto is_long = GENERATE(true, false);
  info.info = is_long ? std::string(9000, 'x') : "wegen Zürich \"🔥\"";
  const auto notes = state::azblob::state_notes("5f0c1f0e-2d8b-4b51-8b1d-7d8f5f0f1c11", &info);
  for (const auto& [name, value] : notes)
    for (const char c : value) CHECK((c >= ' ' && c <= '~'));
  const auto seen = state::azblob::state_blob_of("state", BlobFacts{"e", notes});
  REQUIRE(seen);
  REQUIRE(seen->noted);
  CHECK(seen->noted->who == info.who);
  CHECK(seen->noted->info == (is_long ? "" : info.info));
}

TEST_CASE("a state's blob of a later version, or without its metadata, is left alone and told with what to do") {
  BlobBench bench;
  const auto engine = bench.open();
  REQUIRE(engine->take_lock(bench.context, lock_info("l")));
  auto& notes = bench.state_blob().notes;
  const bool is_later = GENERATE(true, false);
  if (is_later) notes["trunkform_format"] = "2";
  if (!is_later) notes.clear();
  const auto expected = is_later ? ErrorCode::unsupported : ErrorCode::corrupt;
  for (const auto& told :
       {code_of(engine->load(bench.context)), code_of(engine->take_lock(bench.context, lock_info("l"))),
        code_of(engine->write(bench.context, "l", nullptr, numbered_document(1))),
        code_of(engine->append(bench.context, "l", {1, {"a"}}))})
    CHECK(told == expected);
  CHECK_FALSE(engine->load(bench.context).error().hints.empty());
}

TEST_CASE("an unreadable document is told, and may be written over by who expects none") {
  BlobBench bench;
  const auto engine = bench.open();
  REQUIRE(engine->take_lock(bench.context, lock_info("l")));
  bench.state_blob().bytes = "{ not ours";
  CHECK(code_of(engine->load(bench.context)) == ErrorCode::corrupt);
  const auto document = numbered_document(1);
  CHECK(code_of(engine->write(bench.context, "l", &document, numbered_document(2))) == ErrorCode::conflict);
  CHECK(engine->write(bench.context, "l", nullptr, document));
  CHECK((*engine->load(bench.context))->serial == 1);
}

TEST_CASE("in Azure: a server that passes over conditions is refused, and nothing of the attempt is left") {
  BlobBench bench;
  bench.container.conditions = GENERATE(MemoryContainer::Conditions::kept, MemoryContainer::Conditions::passed_over);
  const auto prepared = bench.open()->prepare(bench.context);
  CHECK(bench.names().empty());
  if (bench.container.conditions == MemoryContainer::Conditions::kept) {
    CHECK(prepared);
    return;
  }
  CHECK(code_of(prepared) == ErrorCode::unsupported);
  CHECK(prepared.error().detail.find("If-None-Match") != std::string::npos);
}

TEST_CASE("a workspace that is removed leaves nothing, and one that is made again begins anew") {
  BlobBench bench;
  const auto engine = bench.open("lab");
  for (int round = 0; round < 2; ++round) {
    REQUIRE(engine->create(bench.context));
    CHECK(*engine->workspaces(bench.context) == std::vector<std::string>{"lab"});
    REQUIRE(engine->take_lock(bench.context, lock_info("l")));
    REQUIRE(engine->append(bench.context, "l", {1, {"a"}}));
    REQUIRE(engine->write_alerts(bench.context, "{}"));
    CHECK(code_of(engine->remove(bench.context, "m")) == ErrorCode::fenced);
    REQUIRE(engine->remove(bench.context, "l"));
    CHECK(bench.names().empty());
    CHECK_FALSE(*engine->last_event(bench.context));
    CHECK_FALSE(*engine->read_alerts(bench.context));
  }
}
