// The kit: the event log.
#include "state/document/hash_chain.hpp"
#include "tests/support/backend_kit/kit_bench.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using namespace trunkform::testing::kit;

TEST_CASE("kit: events are numbered and chained, and read from any of them on") {
  Asked asked;
  INFO(asked.kind.name);
  Writer writer(*asked.bench);
  writer.lock();
  must(writer.record({intent_of("a", "one")}));
  must(writer.record({committed("a", "one"), intent_of("b", "two")}));
  Writer reader(*asked.bench);
  const auto all = must(reader.backend.log->read(reader.context, 0));
  REQUIRE(all.events.size() == 4);
  CHECK(std::holds_alternative<EpochOpened>(all.events.front().body));
  CHECK(all.events.front().sequence == 1);
  CHECK(all.last == 4);
  must(state::verify_chain(all.events));
  const auto tail = must(reader.backend.log->read(reader.context, 2));
  REQUIRE(tail.events.size() == 2);
  CHECK(tail.events.front().sequence == 3);
  CHECK(tail.head == all.head);
  for (const auto after : {Sequence(4), k_only_the_end}) {
    const auto none = must(reader.backend.log->read(reader.context, after));
    CHECK(none.events.empty());
    CHECK(none.last == 4);
    CHECK(none.head == all.head);
  }
}

TEST_CASE("kit: an event whose number is taken is fenced") {
  Asked asked;
  INFO(asked.kind.name);
  Writer writer(*asked.bench);
  writer.lock();
  std::vector<Event> events{event_of(0, intent_of("a", "one"))};
  must_fail(writer.backend.log->append(writer.context, writer.lease.fence, 1, events), ErrorCode::fenced);
  must_fail(writer.backend.log->append(writer.context, writer.lease.fence, 3, events), ErrorCode::fenced);
  CHECK(must(writer.backend.log->append(writer.context, writer.lease.fence, 2, events)) == 2);
}

TEST_CASE("kit: what was recorded and never committed is in what the next one reads, and in its commit") {
  Asked asked;
  INFO(asked.kind.name);
  {
    Writer writer(*asked.bench);
    writer.lock();
    must(writer.bind("a", "one"));
    must(writer.record({intent_of("a", "two"), committed("a", "two"), intent_of("b", "three")}));
    writer.unlock();
  }
  Writer next(*asked.bench);
  CHECK(identity_in(next.document(), "a") == chain_named("two")->identity);
  CHECK(next.document().open_intents.contains(address_of("b")));
  next.lock();
  must(next.record({committed("b", "three")}));
  must(next.backend.store->commit(next.context, next.lease.fence, next.token(), {}));
  const auto document = Writer(*asked.bench).document();
  CHECK(identity_in(document, "b") == chain_named("three")->identity);
  CHECK(document.open_intents.empty());
}

TEST_CASE("kit: an event whose request or answer was lost is there once") {
  Asked asked;
  INFO(asked.kind.name);
  const auto lost = GENERATE(BackendBench::Lost::request, BackendBench::Lost::answer);
  Writer writer(*asked.bench);
  writer.lock();
  if (!asked.bench->lose_next(lost)) return;
  CHECK(must(writer.record({intent_of("a", "one")})) == 2);
  CHECK(asked.bench->has_lost());
  CHECK(must(writer.record({committed("a", "one")})) == 3);
  const auto page = must(Writer(*asked.bench).backend.log->read({}, 0));
  REQUIRE(page.events.size() == 3);
  must(state::verify_chain(page.events));
}

TEST_CASE("kit: a commit that folds in the log only so far leaves the rest to be folded") {
  Asked asked;
  INFO(asked.kind.name);
  Writer writer(*asked.bench);
  writer.lock();
  must(writer.record({committed("a", "one")}));
  must(writer.record({committed("a", "two")}));
  StateDelta delta;
  delta.folded_through = 2;
  must(writer.backend.store->commit(writer.context, writer.lease.fence, writer.token(), delta));
  CHECK(identity_in(Writer(*asked.bench).document(), "a") == chain_named("two")->identity);
}
