// A state in S3 over a bucket in memory: what the kit of backends cannot see from above.
#include <algorithm>
#include <functional>
#include <utility>

#include <catch2/catch.hpp>

#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/random.hpp"
#include "state/backends/s3/engine.hpp"
#include "state/backends/s3/envelope.hpp"
#include "state/backends/s3/layout.hpp"
#include "state/backends/s3/lock_object.hpp"
#include "state/remote/epoch.hpp"
#include "state/remote/state_versions.hpp"
#include "tests/support/memory_bucket.hpp"
#include "tests/unit/state/state_fixture.hpp"

using namespace trunkform;
using namespace trunkform::testing;

namespace {

/// A store that does not let writes through until it is told to: a request that is under way for long.
class SlowStore final : public ObjectStore {
 public:
  explicit SlowStore(std::shared_ptr<ObjectStore> inner) : m_inner(std::move(inner)) {}
  std::function<void(const std::string& key)> before_put;
  std::string place() const override { return m_inner->place(); }
  Result<std::optional<StoredObject>> get(const Context& context, const std::string& key) override {
    return m_inner->get(context, key);
  }
  Result<std::string> put(const Context& context, const std::string& key, const std::string& bytes,
                          const WriteCondition& condition) override {
    if (auto act = std::exchange(before_put, nullptr)) act(key);
    return m_inner->put(context, key, bytes, condition);
  }
  Result<> remove(const Context& context, const std::string& key) override { return m_inner->remove(context, key); }
  Result<ObjectKeys> list(const Context& context, const std::string& prefix, const std::string& after,
                          int most) override {
    return m_inner->list(context, prefix, after, most);
  }
  Result<std::vector<ObjectVersion>> versions(const Context& context, const std::string& key, int most) override {
    return m_inner->versions(context, key, most);
  }
  Result<std::optional<StoredObject>> get_version(const Context& context, const std::string& key,
                                                  const std::string& id) override {
    return m_inner->get_version(context, key, id);
  }
  Result<Instant> now(const Context& context, const std::string& key) override { return m_inner->now(context, key); }

 private:
  std::shared_ptr<ObjectStore> m_inner;
};

struct Bench {
  MemoryBucket bucket;
  platform::SimulatedClock clock{at(0)};
  platform::SeededRandom random{1};
  Context context;

  std::unique_ptr<state::Engine> open(const std::string& workspace = "default") {
    return open(open_memory_bucket(bucket), workspace);
  }
  std::unique_ptr<state::Engine> open(std::shared_ptr<ObjectStore> store, const std::string& workspace = "default") {
    return state::s3::open_engine({}, workspace, std::move(store), clock, random);
  }
  std::vector<std::string> keys() {
    std::vector<std::string> all;
    for (const auto& [key, bytes] : bucket.objects) all.push_back(key);
    return all;
  }
};

}  // namespace

TEST_CASE("a write that is under way while another takes the lock is refused, though the document is the same") {
  Bench bench;
  const auto slow = std::make_shared<SlowStore>(open_memory_bucket(bench.bucket));
  const auto stale = bench.open(slow);
  const auto next = bench.open();
  const bool is_first = GENERATE(true, false);
  REQUIRE(stale->take_lock(bench.context, lock_info("stale")));
  const auto first = numbered_document(1);
  if (!is_first) REQUIRE(stale->write(bench.context, "stale", nullptr, first));
  // It has looked at the lock, and found it its own.
  slow->before_put = [&](const std::string& key) {
    REQUIRE(key.ends_with("/document"));
    REQUIRE(next->break_lock(bench.context, "stale"));
    REQUIRE(next->take_lock(bench.context, lock_info("next")));
  };
  const auto second = numbered_document(2);
  CHECK(code_of(stale->write(bench.context, "stale", is_first ? nullptr : &first, second)) == ErrorCode::fenced);
  CHECK(next->write(bench.context, "next", is_first ? nullptr : &first, second));
}

TEST_CASE("an event that is under way while another opens its epoch is refused") {
  Bench bench;
  const auto slow = std::make_shared<SlowStore>(open_memory_bucket(bench.bucket));
  const auto stale = bench.open(slow);
  const auto next = bench.open();
  REQUIRE(stale->take_lock(bench.context, lock_info("stale")));
  REQUIRE(stale->append(bench.context, "stale", {1, {"a"}}));
  slow->before_put = [&](const std::string&) {
    REQUIRE(next->break_lock(bench.context, "stale"));
    REQUIRE(next->take_lock(bench.context, lock_info("next")));
    REQUIRE(next->append(bench.context, "next", {2, {"epoch"}}));
  };
  CHECK(code_of(stale->append(bench.context, "stale", {2, {"b", "c"}})) == ErrorCode::fenced);
  const auto all = next->events(bench.context, 0);
  REQUIRE(all);
  CHECK(all->lines == std::vector<std::string>{"a", "epoch"});
}

TEST_CASE("events are found from any number on, also from within a batch, and the last of them at once") {
  Bench bench;
  const auto engine = bench.open();
  REQUIRE(engine->take_lock(bench.context, lock_info("l")));
  Sequence next = 1;
  for (int batch = 0; batch < 40; ++batch) {
    state::EventBatch events{next, {}};
    for (int i = 0; i <= batch % 3; ++i) events.lines.push_back("event " + std::to_string(next++));
    REQUIRE(engine->append(bench.context, "l", events));
  }
  const auto last = engine->last_event(bench.context);
  REQUIRE(last);
  REQUIRE(*last);
  CHECK((*last)->first == next - 1);
  CHECK((*last)->lines == std::vector<std::string>{"event " + std::to_string(next - 1)});
  for (Sequence after = 0; after < next; ++after) {
    const auto events = engine->events(bench.context, after);
    REQUIRE(events);
    REQUIRE(events->lines.size() == next - 1 - after);
    if (events->lines.empty()) continue;
    CHECK(events->first == after + 1);
    CHECK(events->lines.front() == "event " + std::to_string(after + 1));
  }
}

TEST_CASE("keys of events come in the order of a list, the newest first") {
  const state::s3::Layout layout("sip/production", "default");
  CHECK(layout.event("g", 1) == "sip/production/workspaces/default/g/events/999999999998-1");
  CHECK(layout.event("g", 41) == "sip/production/workspaces/default/g/events/999999999958-41");
  CHECK(layout.event("g", 1'000) < layout.event("g", 999));
  CHECK(layout.event("g", 10'000'000'000) < layout.event("g", 9'999'999'999));
  CHECK(state::first_event_of(layout.event("g", 41)) == 41U);
  CHECK_FALSE(state::first_event_of("sip/lock"));
  CHECK_FALSE(state::first_event_of("a-b/c-"));
  CHECK(state::s3::Layout("", "lab").lock() == "workspaces/lab/lock");
}

TEST_CASE("the same text written twice is another object: an old ETag does not come back") {
  Bench bench;
  const auto engine = bench.open();
  REQUIRE(engine->write_shared(bench.context, state::Shared::owners, std::nullopt, "{}"));
  const auto first = engine->read_shared(bench.context, state::Shared::owners);
  REQUIRE(engine->write_shared(bench.context, state::Shared::owners, (*first)->revision, "{\"a\":1}"));
  const auto second = engine->read_shared(bench.context, state::Shared::owners);
  REQUIRE(engine->write_shared(bench.context, state::Shared::owners, (*second)->revision, "{}"));
  CHECK(code_of(engine->write_shared(bench.context, state::Shared::owners, (*first)->revision, "{\"b\":1}")) ==
        ErrorCode::conflict);
}

TEST_CASE("a write that reached the server twice is not taken for another's") {
  Bench bench;
  const auto engine = bench.open();
  using Answer = MemoryBucket::Answer;
  bench.bucket.answers = {Answer::sent_twice, Answer::sent_twice};
  REQUIRE(engine->take_lock(bench.context, lock_info("l")));
  const auto document = numbered_document(1);
  bench.bucket.answers = {Answer::sent_twice};
  CHECK(engine->write(bench.context, "l", nullptr, document));
  bench.bucket.answers = {Answer::sent_twice};
  CHECK(engine->append(bench.context, "l", {1, {"a"}}));
  bench.bucket.answers = {Answer::sent_twice};
  CHECK(engine->give_back(bench.context, "l"));
  CHECK(bench.bucket.answers.empty());
  CHECK_FALSE(*engine->holder(bench.context));
}

TEST_CASE("giving the lock back, its request or answer lost, gives it back") {
  Bench bench;
  const auto engine = bench.open();
  REQUIRE(engine->take_lock(bench.context, lock_info("l")));
  bench.bucket.answers = {
      GENERATE(MemoryBucket::Answer::lost_before_the_write, MemoryBucket::Answer::lost_after_the_write)};
  CHECK(engine->give_back(bench.context, "l"));
  CHECK_FALSE(*engine->holder(bench.context));
  CHECK(code_of(engine->give_back(bench.context, "l")) == ErrorCode::fenced);
}

TEST_CASE("earlier documents are listed the newest first and read as they were, without what only the lock wrote") {
  Bench bench;
  const auto first = numbered_document(1), second = numbered_document(2);
  {
    const auto engine = bench.open();
    CHECK(engine->kept_documents(bench.context, 10)->empty());
    bench.bucket.now = at(60);
    REQUIRE(engine->take_lock(bench.context, lock_info("one")));
    REQUIRE(engine->write(bench.context, "one", nullptr, first));
    REQUIRE(engine->give_back(bench.context, "one"));
    bench.bucket.now = at(120);
    REQUIRE(engine->take_lock(bench.context, lock_info("two")));
    REQUIRE(engine->write(bench.context, "two", &first, second));
  }
  auto shared = std::make_shared<state::RemoteState>(bench.open(), bench.clock, bench.random);
  state::RemoteStateVersions versions(shared);
  const auto all = versions.list(bench.context, 10);
  REQUIRE(all);
  REQUIRE(all->size() == 2);
  CHECK(all->front().document->serial == 2);
  CHECK(all->front().written == at(120));
  CHECK(all->back().document->serial == 1);
  // Taking the lock wrote the first one again.
  CHECK(all->back().written == at(120));
  CHECK(versions.list(bench.context, 1)->size() == 1);
  const auto earlier = versions.read(bench.context, all->back().id);
  REQUIRE(earlier);
  CHECK(earlier->serial == 1);
  CHECK(code_of(versions.read(bench.context, "v99")) == ErrorCode::not_found);
  // What somebody damaged is listed with why, and hides nothing.
  for (auto& [key, forms] : bench.bucket.versions)
    if (key.ends_with("/document")) forms.back().bytes = "damaged";
  const auto left = versions.list(bench.context, 10);
  REQUIRE(left);
  REQUIRE(left->size() == 2);
  CHECK(left->front().document.error().code == ErrorCode::corrupt);
  CHECK(left->back().document->serial == 1);
}

TEST_CASE("a server that passes over conditions is refused, and nothing of the attempt is left") {
  Bench bench;
  bench.bucket.conditions = GENERATE(MemoryBucket::Conditions::kept, MemoryBucket::Conditions::passed_over);
  const auto prepared = bench.open()->prepare(bench.context);
  CHECK(bench.keys().empty());
  if (bench.bucket.conditions == MemoryBucket::Conditions::kept) {
    CHECK(prepared);
    return;
  }
  CHECK(code_of(prepared) == ErrorCode::unsupported);
  CHECK(prepared.error().detail.find("If-None-Match") != std::string::npos);
}

TEST_CASE("a workspace that is removed leaves its lock, free and of another generation, and nothing else") {
  Bench bench;
  bench.bucket.removals = MemoryBucket::Removals::remembered;
  const auto engine = bench.open("lab");
  for (int round = 0; round < 2; ++round) {
    REQUIRE(engine->create(bench.context));
    CHECK(*engine->workspaces(bench.context) == std::vector<std::string>{"lab"});
    REQUIRE(engine->take_lock(bench.context, lock_info("l")));
    REQUIRE(engine->append(bench.context, "l", {1, {"a"}}));
    REQUIRE(engine->write_alerts(bench.context, "{}"));
    REQUIRE(engine->remove(bench.context, "l"));
    CHECK(bench.keys() == std::vector<std::string>{"trunkform/workspaces/lab/lock"});
    CHECK(engine->workspaces(bench.context)->empty());
    CHECK_FALSE(*engine->last_event(bench.context));
    CHECK_FALSE(*engine->read_alerts(bench.context));
  }
}

TEST_CASE("a lock's object that was deleted by hand where the server does not forget is told with the way out") {
  Bench bench;
  bench.bucket.removals = MemoryBucket::Removals::remembered;
  const auto engine = bench.open();
  REQUIRE(engine->take_lock(bench.context, lock_info("l")));
  REQUIRE(open_memory_bucket(bench.bucket)->remove(bench.context, "trunkform/workspaces/default/lock"));
  const auto taken = engine->take_lock(bench.context, lock_info("m"));
  CHECK(code_of(taken) == ErrorCode::unsupported);
  CHECK(taken.error().hints.front().find("delete marker") != std::string::npos);
}

TEST_CASE("an unreadable document is told, and may be written over by who expects none; a later version's may not") {
  Bench bench;
  const auto engine = bench.open();
  REQUIRE(engine->take_lock(bench.context, lock_info("l")));
  const auto keys = bench.keys();
  const auto key = *std::find_if(keys.begin(), keys.end(), [](const auto& one) { return one.ends_with("/document"); });
  const bool is_later = GENERATE(true, false);
  bench.bucket.objects[key] = is_later ? "trunkform-s3 2 x\n{}" : "{ not ours";
  const auto loaded = engine->load(bench.context);
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().code == (is_later ? ErrorCode::unsupported : ErrorCode::corrupt));
  REQUIRE(engine->take_lock(bench.context, lock_info("l")));
  const auto document = numbered_document(1);
  const auto written = engine->write(bench.context, "l", nullptr, document);
  if (is_later) {
    CHECK(code_of(written) == ErrorCode::conflict);
    return;
  }
  CHECK(written);
  CHECK((*engine->load(bench.context))->serial == 1);
}

TEST_CASE("the example of docs/formats/s3.md is a lock as it is written, byte for byte") {
  const auto example = example_of("s3.md", "text");
  const auto content = state::s3::content_of("lock", example);
  REQUIRE(content);
  const auto lock = state::s3::decode_lock_object(*content);
  REQUIRE(lock);
  REQUIRE(lock->holder);
  CHECK(lock->generation == "5f0c1f0e-2d8b-4b51-8b1d-7d8f5f0f1c11");
  CHECK(state::s3::enveloped("0b6f4a52-7c0e-4d55-9a0e-6f1d2c3b4a59", state::s3::encode_lock_object(*lock)) == example);
  const auto free = state::s3::decode_lock_object("g\nfree\n");
  REQUIRE(free);
  CHECK_FALSE(free->holder);
  CHECK(state::s3::encode_lock_object(*free) == "g\nfree\n");
  for (const auto* bad : {"", "free\n", "\nfree\n", "a/b\nfree\n", "g\n{"}) {
    INFO(bad);
    CHECK_FALSE(state::s3::decode_lock_object(bad));
  }
}

TEST_CASE("a prefix is letters, digits and single slashes between") {
  const auto is_good = [](const std::string& prefix) {
    return state::s3::settings_of({{"prefix", prefix}}).has_value();
  };
  for (const auto* good : {"", "trunkform", "sip/production", "a.b/c_d-e"}) CHECK(is_good(good));
  for (const auto* bad : {"/", "/a", "a/", "a//b", "a/../b", ".", "a b", "ä", "a?b"}) {
    INFO(bad);
    CHECK_FALSE(is_good(bad));
  }
  CHECK_FALSE(is_good(std::string(513, 'a')));
}