// The kit: the document.
#include "tests/support/backend_kit/kit_bench.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using namespace trunkform::testing::kit;

TEST_CASE("kit: where nothing was written there is nothing") {
  Asked asked;
  INFO(asked.kind.name);
  Writer writer(*asked.bench);
  CHECK_FALSE(must(writer.backend.store->load(writer.context)));
  CHECK_FALSE(must(writer.backend.lock->holder(writer.context)));
  const auto page = must(writer.backend.log->read(writer.context, 0));
  CHECK(page.last == 0);
  CHECK(page.events.empty());
  CHECK(page.head == Fingerprint{});
}

TEST_CASE("kit: what was committed is what everybody reads") {
  Asked asked;
  INFO(asked.kind.name);
  Writer writer(*asked.bench);
  writer.lock();
  const auto first = must(writer.bind("a", "one"));
  CHECK(first.serial == 1);
  const auto second = must(writer.bind("b", "two"));
  CHECK(second.serial == 2);
  CHECK(second.lineage == first.lineage);
  writer.unlock();
  Writer reader(*asked.bench);
  const auto document = reader.document();
  CHECK(document.serial == 2);
  CHECK(identity_in(document, "a") == chain_named("one")->identity);
  CHECK(identity_in(document, "b") == chain_named("two")->identity);
}

TEST_CASE("kit: a record that is replaced or removed is so for everybody") {
  Asked asked;
  INFO(asked.kind.name);
  Writer writer(*asked.bench);
  writer.lock();
  must(writer.bind("a", "one"));
  must(writer.bind("b", "one"));
  StateDelta delta;
  delta.upserts = {record_of("a", "two")};
  delta.removals = {address_of("b")};
  delta.outputs = std::map<std::string, OutputRecord>{{"expiry", {"\"soon\"", "string", false}}};
  must(writer.backend.store->commit(writer.context, writer.lease.fence, writer.token(), delta));
  const auto document = Writer(*asked.bench).document();
  CHECK(identity_in(document, "a") == chain_named("two")->identity);
  CHECK(document.resources.size() == 1);
  CHECK(document.outputs.contains("expiry"));
}

TEST_CASE("kit: a commit on another serial or lineage than it read is a conflict") {
  Asked asked;
  INFO(asked.kind.name);
  if (!asked.can.cas) return;  // says of itself that it does not
  Writer writer(*asked.bench);
  writer.lock();
  const auto token = must(writer.bind("a", "one"));
  StateDelta delta;
  delta.upserts = {record_of("b", "two")};
  const auto with = [&](const StateToken& wrong) {
    return writer.backend.store->commit(writer.context, writer.lease.fence, wrong, delta);
  };
  must_fail(with({token.lineage, token.serial - 1}), ErrorCode::conflict);
  must_fail(with({token.lineage, token.serial + 1}), ErrorCode::conflict);
  must_fail(with({"00000000-0000-4000-8000-000000000000", token.serial}), ErrorCode::conflict);
  CHECK(Writer(*asked.bench).document().resources.size() == 1);
}

TEST_CASE("kit: a document that is pushed has a serial that grows, and knows what is under way") {
  Asked asked;
  INFO(asked.kind.name);
  Writer writer(*asked.bench);
  writer.lock();
  const auto token = must(writer.bind("a", "one"));
  must(writer.record({intent_of("a", "two")}));
  auto document = writer.document();
  document.open_intents.clear();
  must_fail(writer.backend.store->replace(writer.context, writer.lease.fence, token, document), ErrorCode::conflict);
  document.serial = token.serial + 5;
  CHECK(must(writer.backend.store->replace(writer.context, writer.lease.fence, token, document)).serial ==
        token.serial + 5);
  const auto found = Writer(*asked.bench).document();
  CHECK(found.serial == token.serial + 5);
  CHECK(found.open_intents.contains(address_of("a")));
}

TEST_CASE("kit: a commit whose request or answer was lost is found out about, and done once") {
  Asked asked;
  INFO(asked.kind.name);
  const auto lost = GENERATE(BackendBench::Lost::request, BackendBench::Lost::answer);
  Writer writer(*asked.bench);
  writer.lock();
  must(writer.bind("a", "one"));
  if (!asked.bench->lose_next(lost)) return;
  CHECK(must(writer.bind("a", "two")).serial == 2);
  CHECK(asked.bench->has_lost());
  CHECK(identity_in(Writer(*asked.bench).document(), "a") == chain_named("two")->identity);
  CHECK(must(writer.bind("a", "three")).serial == 3);
}

TEST_CASE("kit: a large document comes back as it was") {
  Asked asked;
  INFO(asked.kind.name);
  Writer writer(*asked.bench);
  writer.lock();
  StateDelta delta;
  for (int i = 0; i < 3000; ++i)
    delta.upserts.push_back(record_of("t" + std::to_string(i), "chain-" + std::to_string(i % 700)));
  must(writer.backend.store->commit(writer.context, writer.lease.fence, writer.token(), delta));
  must(writer.bind("t7", "another"));
  const auto document = Writer(*asked.bench).document();
  CHECK(document.resources.size() == 3000);
  CHECK(identity_in(document, "t8") == chain_named("chain-8")->identity);
  CHECK(identity_in(document, "t7") == chain_named("another")->identity);
}
