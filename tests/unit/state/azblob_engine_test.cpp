// A state in Azure Blob Storage over a container in memory: what the kit of backends cannot see from above.
#include <functional>
#include <utility>

#include <catch2/catch.hpp>

#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/random.hpp"
#include "state/backends/azblob/engine.hpp"
#include "state/backends/azblob/event_blobs.hpp"
#include "state/backends/azblob/state_blob.hpp"
#include "tests/support/memory_container.hpp"
#include "tests/unit/state/state_fixture.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::testing;

namespace {

/// Does something before the next write of its own reaches the container: a request that is under way for long.
class SlowBlobs final : public BlobStore {
 public:
  explicit SlowBlobs(std::shared_ptr<BlobStore> inner) : m_inner(std::move(inner)) {}
  std::function<void(const std::string& name)> before_write;
  std::function<Result<std::string>()> again;  ///< the last blob that was put, as it would arrive a second time

  std::string place() const override { return m_inner->place(); }
  Result<std::optional<StoredBlob>> get(const Context& context, const std::string& name) override {
    return m_inner->get(context, name);
  }
  Result<std::optional<std::string>> get_from(const Context& context, const std::string& name,
                                              std::uint64_t offset) override {
    return m_inner->get_from(context, name, offset);
  }
  Result<std::optional<BlobFacts>> look(const Context& context, const std::string& name,
                                        const std::string& lease) override {
    return m_inner->look(context, name, lease);
  }
  Result<std::string> put(const Context& context, const std::string& name, const std::string& bytes,
                          const BlobNotes& notes, const WriteCondition& condition, const std::string& lease) override {
    act(name);
    again = [=, this] { return m_inner->put({}, name, bytes, notes, condition, lease); };
    return m_inner->put(context, name, bytes, notes, condition, lease);
  }
  Result<> put_notes(const Context& context, const std::string& name, const BlobNotes& notes,
                     const std::string& lease) override {
    return m_inner->put_notes(context, name, notes, lease);
  }
  Result<> remove(const Context& context, const std::string& name, const WriteCondition& condition,
                  const std::string& lease) override {
    return m_inner->remove(context, name, condition, lease);
  }
  Result<BlobPage> list(const Context& context, const std::string& prefix, const std::string& next,
                        int most) override {
    return m_inner->list(context, prefix, next, most);
  }
  Result<> lease(const Context& context, const std::string& name, const std::string& id, Duration duration) override {
    return m_inner->lease(context, name, id, duration);
  }
  Result<> renew_lease(const Context& context, const std::string& name, const std::string& id) override {
    return m_inner->renew_lease(context, name, id);
  }
  Result<> release_lease(const Context& context, const std::string& name, const std::string& id) override {
    return m_inner->release_lease(context, name, id);
  }
  Result<> create_log(const Context& context, const std::string& name, const BlobNotes& notes) override {
    act(name);
    return m_inner->create_log(context, name, notes);
  }
  Result<std::uint64_t> append(const Context& context, const std::string& name, std::uint64_t offset,
                               const std::string& bytes) override {
    act(name);
    return m_inner->append(context, name, offset, bytes);
  }
  Result<Instant> now(const Context& context, const std::string& name) override { return m_inner->now(context, name); }

 private:
  std::shared_ptr<BlobStore> m_inner;

  void act(const std::string& name) {
    if (auto now = std::exchange(before_write, nullptr)) now(name);
  }
};

struct BlobBench {
  MemoryContainer container;
  platform::SimulatedClock clock{at(0)};
  platform::SeededRandom random{1};
  Context context;
  state::azblob::Settings settings{};

  std::unique_ptr<state::Engine> open(const std::string& workspace = "default") {
    return open(open_memory_container(container), workspace);
  }
  std::unique_ptr<state::Engine> open(std::shared_ptr<BlobStore> store, const std::string& workspace = "default") {
    return state::azblob::open_engine(settings, workspace, std::move(store), clock, random);
  }
  std::vector<std::string> names(const std::string& within = "") {
    std::vector<std::string> all;
    for (const auto& [name, blob] : container.blobs)
      if (name.find(within) != std::string::npos) all.push_back(name);
    return all;
  }
  MemoryContainer::Blob& state_blob() { return container.blobs.at("trunkform/workspaces/default/state"); }
  std::vector<std::string> lines() {
    const auto events = open()->events(context, 0);
    REQUIRE(events);
    return events->lines;
  }
};

StateDocument numbered_document(std::uint64_t serial) {
  StateDocument document;
  document.lineage = "5b0ad1c4-7e0c-4c8e-9a53-0a1f6d0c2b11";
  document.serial = serial;
  return document;
}

}  // namespace

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
  for (const auto& told : {code_of(engine->load(bench.context)), code_of(engine->take_lock(bench.context, lock_info("l"))),
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
  bench.container.conditions =
      GENERATE(MemoryContainer::Conditions::kept, MemoryContainer::Conditions::passed_over);
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
