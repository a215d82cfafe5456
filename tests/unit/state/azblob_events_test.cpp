// Events in append blobs over a container in memory: who may still append, and what is read of them.

#include "schemas/codec/lock_codec.hpp"
#include "state/backends/azblob/event_blobs.hpp"
#include "state/backends/azblob/state_blob.hpp"
#include "tests/unit/state/azblob_fixture.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::testing;

TEST_CASE("an event that is under way while another takes the lock is refused before that one has written any") {
  BlobBench bench;
  const auto slow = std::make_shared<SlowBlobs>(open_memory_container(bench.container));
  const auto stale = bench.open(slow);
  const auto next = bench.open();
  REQUIRE(stale->take_lock(bench.context, lock_info("stale")));
  REQUIRE(stale->append(bench.context, "stale", {1, {"a"}}));
  slow->before_write = [&](const std::string&) {
    bench.container.now += 2min;
    REQUIRE(next->take_lock(bench.context, lock_info("next")));
  };
  CHECK(code_of(stale->append(bench.context, "stale", {2, {"b", "c"}})) == ErrorCode::fenced);
  CHECK(bench.lines() == std::vector<std::string>{"a"});
  REQUIRE(next->append(bench.context, "next", {2, {"epoch"}}));
  CHECK(bench.lines() == std::vector<std::string>{"a", "epoch"});
}

TEST_CASE("a first event that is under way while another has begun his is refused, also where its blob is made") {
  BlobBench bench;
  const auto slow = std::make_shared<SlowBlobs>(open_memory_container(bench.container));
  const auto stale = bench.open(slow);
  const auto next = bench.open();
  const bool is_made = GENERATE(true, false);
  REQUIRE(stale->take_lock(bench.context, lock_info("stale")));
  const auto taken = [&](const std::string&) {
    REQUIRE(next->break_lock(bench.context, "stale"));
    REQUIRE(next->take_lock(bench.context, lock_info("next")));
    REQUIRE(next->append(bench.context, "next", {1, {"epoch"}}));
  };
  slow->before_write = taken;
  if (is_made) slow->before_write = [&](const std::string&) { slow->before_write = taken; };
  CHECK(code_of(stale->append(bench.context, "stale", {1, {"late"}})) == ErrorCode::fenced);
  CHECK(bench.lines() == std::vector<std::string>{"epoch"});
}

TEST_CASE("a run whose blob of events is full begins another, and who takes the lock meanwhile is not fooled") {
  BlobBench bench;
  bench.settings.appends_a_blob = 2;
  const auto slow = std::make_shared<SlowBlobs>(open_memory_container(bench.container));
  const auto stale = bench.open(slow);
  const auto next = bench.open();
  REQUIRE(stale->take_lock(bench.context, lock_info("stale")));
  for (Sequence number = 1; number <= 4; ++number) REQUIRE(stale->append(bench.context, "stale", {number, {"a"}}));
  CHECK(bench.names("/events/").size() == 2);
  slow->before_write = [&](const std::string&) {
    REQUIRE(next->break_lock(bench.context, "stale"));
    REQUIRE(next->take_lock(bench.context, lock_info("next")));
    REQUIRE(next->append(bench.context, "next", {5, {"epoch"}}));
  };
  CHECK(code_of(stale->append(bench.context, "stale", {5, {"late"}})) == ErrorCode::fenced);
  REQUIRE(next->append(bench.context, "next", {6, {"b"}}));
  CHECK(bench.lines() == std::vector<std::string>{"a", "a", "a", "a", "epoch", "b"});
}

TEST_CASE("a blob of events that was begun while another took the lock keeps that one from going on beside it") {
  BlobBench bench;
  bench.settings.appends_a_blob = 2;
  const auto slow = std::make_shared<SlowBlobs>(open_memory_container(bench.container));
  const auto stale = bench.open(slow);
  const auto next = bench.open();
  REQUIRE(stale->take_lock(bench.context, lock_info("stale")));
  for (Sequence number = 1; number <= 2; ++number) REQUIRE(stale->append(bench.context, "stale", {number, {"a"}}));
  slow->before_write = [&](const std::string&) {
    REQUIRE(next->break_lock(bench.context, "stale"));
    REQUIRE(next->take_lock(bench.context, lock_info("next")));
  };
  // Nobody had the number yet: it is one more event before the epoch of the next.
  REQUIRE(stale->append(bench.context, "stale", {3, {"late"}}));
  CHECK(code_of(next->append(bench.context, "next", {4, {"epoch"}})) == ErrorCode::fenced);
  REQUIRE(next->take_lock(bench.context, lock_info("next")));
  REQUIRE(next->append(bench.context, "next", {4, {"epoch"}}));
  CHECK(bench.lines() == std::vector<std::string>{"a", "a", "late", "epoch"});
  CHECK(code_of(stale->append(bench.context, "stale", {4, {"late"}})) == ErrorCode::fenced);
}

TEST_CASE("what a run left behind that died before its first event is in nobody's way") {
  BlobBench bench;
  const auto slow = std::make_shared<SlowBlobs>(open_memory_container(bench.container));
  const auto dead = bench.open(slow);
  REQUIRE(dead->take_lock(bench.context, lock_info("dead")));
  // Its blob is made, and its event does not arrive.
  bench.container.answers = {MemoryContainer::Answer::comes, MemoryContainer::Answer::lost_before_the_write};
  CHECK(code_of(dead->append(bench.context, "dead", {1, {"a"}})) == ErrorCode::outcome_unknown);
  REQUIRE(bench.names("/events/").size() == 1);
  CHECK_FALSE(*bench.open()->last_event(bench.context));
  bench.container.now += 2min;
  const auto next = bench.open();
  REQUIRE(next->take_lock(bench.context, lock_info("next")));
  REQUIRE(next->append(bench.context, "next", {1, {"b"}}));
  CHECK(bench.lines() == std::vector<std::string>{"b"});
}

TEST_CASE("each append whose request or answer is lost is there once when it is asked for again") {
  BlobBench bench;
  const auto engine = bench.open();
  REQUIRE(engine->take_lock(bench.context, lock_info("l")));
  using Answer = MemoryContainer::Answer;
  const auto lost = GENERATE(Answer::lost_before_the_write, Answer::lost_after_the_write, Answer::sent_twice);
  for (Sequence number = 1; number <= 3; ++number) {
    bench.container.answers = {lost};
    auto done = engine->append(bench.context, "l", {number, {"event"}});
    for (int again = 0; again < 3 && !done && code_of(done) == ErrorCode::outcome_unknown; ++again)
      done = engine->append(bench.context, "l", {number, {"event"}});
    CHECK(done);
  }
  CHECK(bench.lines() == std::vector<std::string>(3, "event"));
}

TEST_CASE("an answer that was lost is not held against the next event") {
  BlobBench bench;
  const auto engine = bench.open();
  REQUIRE(engine->take_lock(bench.context, lock_info("l")));
  REQUIRE(engine->append(bench.context, "l", {1, {"a"}}));
  bench.container.answers = {MemoryContainer::Answer::lost_after_the_write};
  CHECK(code_of(engine->append(bench.context, "l", {2, {"b"}})) == ErrorCode::outcome_unknown);
  CHECK(engine->append(bench.context, "l", {3, {"c"}}));
  CHECK(bench.lines() == std::vector<std::string>{"a", "b", "c"});
}

TEST_CASE("events are found from any number on, over several runs and long blobs, and the last of them at once") {
  BlobBench bench;
  Sequence next = 1;
  const std::string padding(40'000, '.');
  for (int run = 0; run < 4; ++run) {
    const auto engine = bench.open();
    const auto id = "run-" + std::to_string(run);
    REQUIRE(engine->take_lock(bench.context, lock_info(id)));
    for (int batch = 0; batch < 10; ++batch) {
      state::EventBatch events{next, {}};
      for (int i = 0; i <= batch % 3; ++i) events.lines.push_back("event " + std::to_string(next++) + padding);
      REQUIRE(engine->append(bench.context, id, events));
    }
    REQUIRE(engine->give_back(bench.context, id));
  }
  const auto engine = bench.open();
  const auto last = engine->last_event(bench.context);
  REQUIRE(last);
  REQUIRE(*last);
  CHECK((*last)->first == next - 1);
  CHECK((*last)->lines == std::vector<std::string>{"event " + std::to_string(next - 1) + padding});
  for (Sequence after = 0; after < next; ++after) {
    const auto events = engine->events(bench.context, after);
    REQUIRE(events);
    REQUIRE(events->lines.size() == next - 1 - after);
    if (events->lines.empty()) continue;
    CHECK(events->first == after + 1);
    CHECK(events->lines.front() == "event " + std::to_string(after + 1) + padding);
  }
}

TEST_CASE("a blob of events that was changed is told by its name, and nothing is made of it") {
  BlobBench bench;
  const auto engine = bench.open();
  REQUIRE(engine->take_lock(bench.context, lock_info("l")));
  REQUIRE(engine->append(bench.context, "l", {1, {"a", "b", "c"}}));
  auto& bytes = bench.container.blobs.at(bench.names("/events/").front()).bytes;
  const auto whole = bytes;
  for (const auto* bad : {"1 a\n2 b\n3 c", "1 a\n3 c\n", "x a\n", "1a\n", "0 a\n", "\n", "18446744073709551616 a\n"}) {
    INFO(bad);
    bytes = bad;
    const auto events = engine->events(bench.context, 0);
    REQUIRE_FALSE(events);
    CHECK(events.error().code == ErrorCode::corrupt);
    CHECK(to_line(events.error()).find("/events/") != std::string::npos);
  }
  // A cut at the end of a line is for the hashes and the document to tell.
  for (std::size_t length = 1; length < whole.size(); ++length) {
    bytes = whole.substr(0, length);
    const auto events = engine->events(bench.context, 0);
    CHECK((bytes.ends_with('\n') ? events.has_value() : code_of(events) == ErrorCode::corrupt));
  }
}

TEST_CASE(
    "the examples of docs/formats/azblob.md are a holder and a blob of events as they are written, byte for byte") {
  const auto note = example_of("azblob.md");
  const auto holder = decode_lock_info(note);
  REQUIRE(holder);
  CHECK(state::azblob::state_notes("g", &*holder).at("trunkform_holder") + "\n" == note);

  const auto text = example_of("azblob.md", "text");
  BlobBench bench;
  REQUIRE(bench.open()->take_lock(bench.context, lock_info("l")));
  REQUIRE(bench.open()->append(bench.context, "l", {1, {"a"}}));
  bench.container.blobs.at(bench.names("/events/").front()).bytes = text;
  const auto lines = bench.lines();
  REQUIRE(lines.size() == 2);
  CHECK(state::azblob::encode_events({1, lines}) + state::azblob::closing_line(holder->id) == text);
}
