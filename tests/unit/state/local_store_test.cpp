#include <catch2/catch.hpp>

#include "state/document/hash_chain.hpp"
#include "tests/unit/state/state_fixture.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using platform::SimulatedFileSystem;

namespace {

StateDocument loaded(Process& process) {
  auto snapshot = process.backend.store->load(process.context);
  INFO((snapshot ? "" : to_line(snapshot.error())));
  REQUIRE(snapshot);
  REQUIRE(*snapshot);
  return (**snapshot).document;
}

}  // namespace

TEST_CASE("where nothing was written there is no state, and reading makes no files") {
  SimulatedFileSystem files;
  REQUIRE(files.create_directories(k_folder));
  Process process(files);
  const auto snapshot = process.backend.store->load(process.context);
  REQUIRE(snapshot);
  CHECK_FALSE(*snapshot);
  CHECK(process.backend.log->read(process.context, 0)->last == 0);
  CHECK_FALSE(*process.backend.lock->holder(process.context));
  CHECK(files.list(k_folder)->empty());
}

TEST_CASE("a commit is read back with its serial, lineage and backup") {
  SimulatedFileSystem files;
  Process process(files);
  REQUIRE(process.apply({{"a", "one"}, {"b", "one"}})->serial == 1);
  const auto first = *files.read(k_state, 1 << 20);
  REQUIRE(process.apply({{"a", "two"}})->serial == 2);
  const auto document = loaded(process);
  CHECK(document.lineage == "lineage");
  CHECK(document.serial == 2);
  CHECK(identity_in(document, "a") == chain_named("two")->identity);
  CHECK(document.resources.at(address_of("a")).history.size() == 1);
  CHECK(*files.read(k_backup, 1 << 20) == first);
}

TEST_CASE("outcomes that were never committed are in what is read, and the next commit keeps them") {
  SimulatedFileSystem files;
  Process(files).apply({{"a", "one"}}).value();
  {
    Process killed(files);
    const auto lease = killed.acquire("lock-2");
    REQUIRE(killed.append(lease, {intent_of("a", "two"), committed("a", "two"), intent_of("b", "two")}));
    files.kernel().restart();
  }
  Process process(files);
  CHECK(identity_in(loaded(process), "a") == chain_named("two")->identity);
  CHECK(loaded(process).open_intents.count(address_of("b")) == 1);
  REQUIRE(process.apply({{"c", "one"}}, "lock-3"));
  const auto bytes = *files.read(k_state, 1 << 20);
  CHECK(bytes.find(to_hex(chain_named("two")->identity.chain)) != std::string::npos);
  CHECK(loaded(process).open_intents.count(address_of("b")) == 1);
}

TEST_CASE("a first apply that died before its commit is remembered under a lineage that stays") {
  SimulatedFileSystem files;
  {
    Process killed(files);
    REQUIRE(killed.append(killed.acquire(), {intent_of("a", "one"), committed("a", "one")}));
    files.kernel().restart();
  }
  Process process(files, 5);
  const auto snapshot = *process.backend.store->load(process.context);
  REQUIRE(snapshot);
  CHECK(snapshot->token.serial == 0);
  CHECK_FALSE(snapshot->token.lineage.empty());
  CHECK((*process.backend.store->load(process.context))->token == snapshot->token);
  const auto lease = process.acquire("lock-2");
  CHECK(process.backend.store->commit(process.context, lease.fence, snapshot->token, {})->serial == 1);
  CHECK(loaded(process).lineage == snapshot->token.lineage);
}

TEST_CASE("a commit on a state that another run changed is refused, and the other's work stays") {
  SimulatedFileSystem files;
  Process first(files, 1);
  const auto read = first.apply({{"a", "one"}}, "lock-1").value();
  Process(files, 2).apply({{"a", "two"}}, "lock-2").value();
  const auto lease = first.acquire("lock-3");
  StateDelta delta;
  delta.upserts = {record_of("a", "three")};
  const auto refused = first.backend.store->commit(first.context, lease.fence, read, delta);
  CHECK(code_of(refused) == ErrorCode::conflict);
  CHECK(refused.error().summary == "the state was changed by another run: its serial is 2, this run read 1");
  CHECK(code_of(first.backend.store->commit(first.context, lease.fence, {"other", 2}, delta)) == ErrorCode::conflict);
  CHECK(code_of(first.backend.store->commit(first.context, lease.fence, {"lineage", 0}, delta)) == ErrorCode::conflict);
  CHECK(identity_in(loaded(first), "a") == chain_named("two")->identity);
}

TEST_CASE("a delta that would give a trunk a second owner writes nothing") {
  SimulatedFileSystem files;
  Process process(files);
  const auto token = process.apply({{"a", "one"}}).value();
  const auto lease = process.acquire("lock-2");
  StateDelta delta;
  delta.upserts = {record_of("b", "one", "trunk-a")};
  CHECK(code_of(process.backend.store->commit(process.context, lease.fence, token, delta)) == ErrorCode::conflict);
  CHECK(loaded(process).serial == 1);
}

TEST_CASE("a push takes the place of everything recorded, keeps open intents, and its serial must grow") {
  SimulatedFileSystem files;
  Process process(files);
  const auto token = process.apply({{"a", "one"}}).value();
  const auto lease = process.acquire("lock-2");
  REQUIRE(process.append(lease, {committed("a", "two"), intent_of("b", "one")}));
  StateDocument pushed;
  pushed.lineage = token.lineage;
  pushed.serial = token.serial;
  pushed.resources[address_of("z")] = record_of("z", "one");
  auto& store = *process.backend.store;
  CHECK(code_of(store.replace(process.context, lease.fence, token, pushed)) == ErrorCode::conflict);
  pushed.serial = 7;
  CHECK(code_of(store.replace(process.context, lease.fence, {"lineage", 4}, pushed)) == ErrorCode::conflict);
  REQUIRE(store.replace(process.context, lease.fence, token, pushed)->serial == 7);
  const auto document = loaded(process);
  CHECK(document.resources.size() == 1);
  CHECK(document.resources.count(address_of("z")) == 1);
  CHECK(document.open_intents.count(address_of("b")) == 1);
}

TEST_CASE("a push keeps the request of a certificate that was begun: its key is staged, and its order paid for") {
  SimulatedFileSystem files;
  Process process(files);
  const auto token = process.apply({{"a", "one"}}).value();
  const auto lease = process.acquire("lock-2");
  const std::string east = "certificate.issued.east", west = "certificate.issued.west";
  OpenIssue open;
  open.request = "00000000-0000-4000-8000-000000000001";
  open.store = {"files", {{"path", "/sip"}}};
  open.names = {"sip.example.com"};
  auto done = open;
  done.request = "00000000-0000-4000-8000-000000000002";
  REQUIRE(process.append(lease, {IssueBegun{east, open}, IssueOrdered{east, open.request, "order/1", {}},
                                 IssueBegun{west, done}, IssueEnded{west, done.request, std::nullopt, "refused"}}));
  StateDocument pushed;
  pushed.lineage = token.lineage;
  pushed.serial = 7;
  SECTION("that knows nothing of it") {}
  SECTION("that knows an earlier certificate of it") {
    pushed.issues[east].address = east;
    pushed.issues[east].last = IssuedCertificate{"r", chain_named("one"), {"1"}, {}, open.store, at(1)};
  }
  const bool has_last = !pushed.issues.empty();
  REQUIRE(process.backend.store->replace(process.context, lease.fence, token, pushed));
  const auto document = loaded(process);
  REQUIRE(document.issues.contains(east));
  const auto& kept = document.issues.at(east);
  CHECK(kept.address == east);
  REQUIRE(kept.open);
  CHECK(kept.open->request == open.request);
  CHECK(kept.open->order == "order/1");
  CHECK(kept.last.has_value() == has_last);
  // What has its end is the pushed document's to say.
  CHECK_FALSE(document.issues.contains(west));
}

TEST_CASE("a document that binds one trunk twice is not pushed") {
  SimulatedFileSystem files;
  Process process(files);
  const auto token = process.apply({{"a", "one"}}).value();
  const auto lease = process.acquire("lock-2");
  StateDocument pushed;
  pushed.lineage = "lineage";
  pushed.serial = token.serial + 1;
  pushed.resources[address_of("x")] = record_of("x", "one", "trunk-1");
  pushed.resources[address_of("y")] = record_of("y", "two", "trunk-1");
  const auto refused = process.backend.store->replace(process.context, lease.fence, token, pushed);
  REQUIRE(code_of(refused) == ErrorCode::conflict);
  CHECK(refused.error().summary.find("trunk-1") != std::string::npos);
  CHECK(identity_in(loaded(process), "a") == chain_named("one")->identity);
}

TEST_CASE("pushing over an unreadable document mends it and keeps the damaged bytes") {
  SimulatedFileSystem files;
  Process process(files);
  process.apply({{"a", "one"}}).value();
  REQUIRE(files.replace(k_state, "{broken", 0600));
  CHECK(code_of(process.backend.store->load(process.context)) == ErrorCode::corrupt);
  const auto lease = process.acquire("lock-2");
  CHECK(code_of(process.backend.store->commit(process.context, lease.fence, {"lineage", 1}, {})) == ErrorCode::corrupt);
  StateDocument pushed;
  pushed.lineage = "lineage";
  pushed.serial = 9;
  REQUIRE(process.backend.store->replace(process.context, lease.fence, {"lineage", 8}, pushed));
  CHECK(loaded(process).serial == 9);
  CHECK(*files.read(k_folder / "trunkform.state.damaged", 1000) == "{broken");
}

TEST_CASE("after a failed write the store refuses more and leaves what it could not write beside") {
  SimulatedFileSystem files;
  Process process(files);
  const auto token = process.apply({{"a", "one"}}).value();
  const auto lease = process.acquire("lock-2");
  REQUIRE(process.append(lease, {committed("a", "two")}));

  const auto before = *files.read(k_state, 1 << 20);
  auto& faults = files.kernel().faults();
  faults.clear();
  std::uint64_t rename = 0;
  {
    SimulatedFileSystem rehearsal;
    Process other(rehearsal);
    const auto other_token = other.apply({{"a", "one"}}).value();
    const auto other_lease = other.acquire("lock-2");
    REQUIRE(other.append(other_lease, {committed("a", "two")}));
    (void)rehearsal.read(k_state, 1 << 20);
    rehearsal.kernel().faults().clear();
    REQUIRE(other.backend.store->commit(other.context, other_lease.fence, other_token, {}));
    for (const auto& site : rehearsal.kernel().faults().sites())
      if (site.step == platform::IoStep::rename && site.path.find("state.json") != std::string::npos)
        rename = site.number;
  }
  REQUIRE(rename > 0);
  faults.fail_at(rename, platform::Fault::io_error);
  const auto failed = process.backend.store->commit(process.context, lease.fence, token, {});
  CHECK(code_of(failed) == ErrorCode::io);
  CHECK(failed.error().hints.back() ==
        "or put it in its place: trunkform state push /state/trunkform.state.recovery.json");
  CHECK(*files.read(k_state, 1 << 20) == before);
  const auto recovery = files.read(k_folder / "trunkform.state.recovery.json", 1 << 20);
  REQUIRE(recovery);
  CHECK(recovery->find("\"serial\":2") != std::string::npos);
  CHECK(code_of(process.backend.store->commit(process.context, lease.fence, token, {})) == ErrorCode::io);
  CHECK(code_of(process.append(lease, {committed("a", "three")})) == ErrorCode::io);
  Process next(files);
  files.kernel().restart();
  CHECK(identity_in(loaded(next), "a") == chain_named("two")->identity);
}

TEST_CASE("a log that was lost goes on after the numbers that the document has folded in") {
  SimulatedFileSystem files;
  Process process(files);
  process.apply({{"a", "one"}}).value();
  REQUIRE(files.remove(k_events));
  CHECK(identity_in(loaded(process), "a") == chain_named("one")->identity);
  REQUIRE(process.apply({{"a", "two"}}, "lock-2"));
  CHECK(identity_in(loaded(process), "a") == chain_named("two")->identity);
  const auto page = process.backend.log->read(process.context, 0);
  REQUIRE(page);
  CHECK(state::verify_chain(page->events));
  CHECK(page->events.front().sequence == 4);
}

TEST_CASE("that a part of the log is missing is said until a commit has gone past it") {
  SimulatedFileSystem files;
  Process process(files);
  process.apply({{"a", "one"}}).value();
  const auto after_one = *files.read(k_events, 1 << 20);
  process.apply({{"a", "two"}}, "lock-2").value();
  const auto is_lost = [&] { return process.backend.store->load(process.context).value()->events_lost; };
  CHECK_FALSE(is_lost());
  SECTION("removed") { REQUIRE(files.remove(k_events)); }
  SECTION("cut at the end of a line") { REQUIRE(files.replace(k_events, after_one, 0600)); }
  CHECK(is_lost());
  // The next epoch's number goes on behind what is missing, and the gap shows all the same.
  {
    const auto lease = process.acquire("lock-3");
    CHECK(is_lost());
    REQUIRE(process.backend.lock->release(process.context, lease));
  }
  CHECK(is_lost());
  REQUIRE(process.apply({{"a", "three"}}, "lock-4"));
  CHECK_FALSE(is_lost());
  CHECK(identity_in(loaded(process), "a") == chain_named("three")->identity);
}

TEST_CASE("a document put back from the backup is brought up to date by the log") {
  SimulatedFileSystem files;
  Process process(files);
  process.apply({{"a", "one"}}).value();
  process.apply({{"a", "two"}}, "lock-2").value();
  REQUIRE(files.replace(k_state, *files.read(k_backup, 1 << 20), 0600));
  const auto document = loaded(process);
  CHECK(identity_in(document, "a") == chain_named("two")->identity);
  CHECK(document.resources.at(address_of("a")).history.size() == 1);
}
