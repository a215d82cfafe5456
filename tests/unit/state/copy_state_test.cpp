// `init -migrate-state`: from one backend to another, with its history, and nothing lost on the way.
#include "state/backends/copy_state.hpp"

#include "providers/platform/posix/clock.hpp"
#include "state/document/hash_chain.hpp"
#include "tests/support/backend_kit/kit_bench.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using namespace trunkform::testing::kit;
using How = state::CopiedState::How;

namespace {

/// Two backends: whatever kinds there are, in every pair.
struct Move {
  BackendKind from_kind = GENERATE(from_range(backend_kinds()));
  BackendKind to_kind = GENERATE(from_range(backend_kinds()));
  std::unique_ptr<BackendBench> old_place = from_kind.make();
  std::unique_ptr<BackendBench> new_place = to_kind.make();
  platform::SystemClock clock;

  /// By a process of its own.
  Result<state::CopiedState> copy() {
    Writer from(*old_place);
    Writer to(*new_place);
    from.lock();
    to.lock();
    auto copied =
        state::copy_state(to.context, from.backend, to.backend, to.lease.fence, {clock, "run-1", {"ops", "host", 7}});
    from.unlock();
    to.unlock();
    return copied;
  }
};

void with_two_trunks(BackendBench& bench) {
  Writer writer(bench);
  writer.lock();
  StateDelta delta;
  delta.upserts = {record_of("a", "one")};
  delta.organisation = Organisation{"organisation-1", "Example"};
  must(writer.backend.store->commit(writer.context, writer.lease.fence, writer.token(), delta));
  must(writer.record({intent_of("a", "two"), committed("a", "two"), intent_of("b", "three")}));
  writer.unlock();
}

std::vector<std::string> kinds_of(const std::vector<Event>& events) {
  std::vector<std::string> kinds;
  for (const auto& event : events)
    if (!std::holds_alternative<EpochOpened>(event.body)) kinds.emplace_back(kind_of(event.body));
  return kinds;
}

}  // namespace

TEST_CASE("copy: records, history and what is under way arrive, and the state that was stays as it was") {
  Move move;
  INFO(move.from_kind.name + " to " + move.to_kind.name);
  with_two_trunks(*move.old_place);
  const auto before = Writer(*move.old_place).document();
  const auto copied = must(move.copy());
  CHECK(copied.how == How::copied);
  CHECK(copied.resources == 1);
  CHECK(copied.events == 3);
  Writer there(*move.new_place);
  const auto document = there.document();
  CHECK(document.lineage == before.lineage);
  CHECK(document.serial == before.serial + 1);
  CHECK(copied.serial == document.serial);
  CHECK(identity_in(document, "a") == chain_named("two")->identity);
  CHECK(document.open_intents.contains(address_of("b")));
  const auto log = must(there.backend.log->read(there.context, 0));
  must(state::verify_chain(log.events));
  CHECK(kinds_of(log.events) == std::vector<std::string>{"intent", "outcome", "intent", "state_replaced"});
  const auto& intent = *std::find_if(log.events.begin(), log.events.end(), [](const Event& event) {
    const auto* body = std::get_if<Intent>(&event.body);
    return body != nullptr && body->address == address_of("b");
  });
  CHECK(document.open_intents.at(address_of("b")) == intent.sequence);
  CHECK(Writer(*move.old_place).document().serial == before.serial);
  REQUIRE(before.organisation);
  if (there.backend.ownership && there.backend.workspaces) {
    must(there.backend.workspaces->create(there.context, "lab"));
    Writer lab(*move.new_place, "lab");
    lab.lock();
    const TrunkKey wanted[] = {{before.organisation->id, before.resources.at(address_of("a")).trunk_id}};
    CHECK(must(lab.backend.ownership->claim(lab.context, lab.lease.fence, wanted)).size() == 1);
  }
}

TEST_CASE("copy: done again it changes nothing, and one that was cut short is gone on with") {
  Move move;
  INFO(move.from_kind.name + " to " + move.to_kind.name);
  with_two_trunks(*move.old_place);
  SECTION("done again") {
    const auto first = must(move.copy());
    const auto again = must(move.copy());
    CHECK(again.how == How::was_copied);
    CHECK(again.serial == first.serial);
  }
  SECTION("cut short after an event, or before the document") {
    const bool was_said = GENERATE(false, true);
    {
      Writer cut(*move.new_place);
      cut.lock();
      Writer source(*move.old_place);
      auto events = must(source.backend.log->read(source.context, 0)).events;
      std::erase_if(events, [](const Event& event) { return std::holds_alternative<EpochOpened>(event.body); });
      if (!was_said) events.resize(1);
      if (was_said) events.push_back(event_of(0, StateReplaced{9, "init -migrate-state"}));
      must(cut.backend.log->append(cut.context, cut.lease.fence, 2, events));
      cut.unlock();
    }
    const auto copied = must(move.copy());
    CHECK(copied.how == How::copied);
    CHECK(copied.events == (was_said ? 0 : 2));
    CHECK(identity_in(Writer(*move.new_place).document(), "a") == chain_named("two")->identity);
  }
}

TEST_CASE("copy: nothing is written over another state, or over work that the copied one does not know") {
  Move move;
  INFO(move.from_kind.name + " to " + move.to_kind.name);
  with_two_trunks(*move.old_place);
  SECTION("another state") {
    Writer other(*move.new_place);
    other.lock();
    StateDelta delta;
    delta.upserts = {record_of("c", "one")};
    must(other.backend.store->commit(other.context, other.lease.fence, {"another-lineage", 0}, delta));
    other.unlock();
    must_fail(move.copy(), ErrorCode::conflict);
    CHECK(Writer(*move.new_place).document().lineage == "another-lineage");
  }
  SECTION("the old one went on after it was copied") {
    must(move.copy());
    const auto there = Writer(*move.new_place).document().serial;
    Writer late(*move.old_place);
    late.lock();
    must(late.bind("b", "three"));
    must(late.bind("b", "one"));
    late.unlock();
    must_fail(move.copy(), ErrorCode::conflict);
    CHECK(Writer(*move.new_place).document().serial == there);
  }
  SECTION("nothing to copy") {
    const auto empty = move.from_kind.make();
    move.old_place = move.from_kind.make();
    CHECK(must(move.copy()).how == How::nothing_there);
  }
}
