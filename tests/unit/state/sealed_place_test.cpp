// A local state that is encrypted: how it becomes so, and that nothing gets past it.
#include <catch2/catch.hpp>

#include "schemas/codec/state_codec.hpp"
#include "tests/support/test_key_wrap.hpp"
#include "tests/unit/state/state_fixture.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using platform::SimulatedFileSystem;

namespace {

using Plain = state::StateKeys::Plain;

struct Keyed : Process {
  explicit Keyed(FileSystem& files, const std::string& key = "one", Plain plain = Plain::refused,
                 std::uint64_t seed = 1)
      : Process(files, seed) {
    state::StateKeys keys{std::make_shared<TestKeyWrap>(key)};
    keys.plain = plain;
    backend = state::open_local(files, clock, random, k_folder, k_default_workspace,
                                std::make_shared<const state::StateKeys>(std::move(keys)))
                  .value();
  }
};

std::string bytes_of(SimulatedFileSystem& files, const Path& path) { return files.read(path, 1 << 20).value(); }

}  // namespace

TEST_CASE("events that come before the first document are read by whoever has the key") {
  SimulatedFileSystem files;
  {
    Keyed process(files);
    const auto lease = process.acquire();
    process.append(lease, {intent_of("a", "one")}).value();
  }
  CHECK_FALSE(files.exists(k_state).value());
  CHECK(bytes_of(files, k_events).find("intent") == std::string::npos);
  Keyed later(files, "one", Plain::refused, 2);
  CHECK(later.backend.log->read(later.context, 0).value().events.size() == 2);
  CHECK(later.backend.log->read(later.context, k_only_the_end).value().last == 2);
  const auto snapshot = later.backend.store->load(later.context).value();
  REQUIRE(snapshot);
  CHECK(snapshot->document.open_intents.size() == 1);
  Keyed stranger(files, "two");
  CHECK(code_of(stranger.backend.log->read(stranger.context, 0)) == ErrorCode::denied);
  CHECK(code_of(stranger.backend.lock->acquire(stranger.context, lock_info("x"))) == ErrorCode::denied);
}

TEST_CASE(
    "a state in the clear is refused where there is a key, and nothing is written, until it is encrypted on purpose") {
  SimulatedFileSystem files;
  Process(files).apply({{"a", "one"}}).value();
  const auto state = bytes_of(files, k_state);
  const auto events = bytes_of(files, k_events);
  {
    Keyed refused(files);
    CHECK(code_of(refused.backend.store->load(refused.context)) == ErrorCode::untrusted);
    CHECK(code_of(refused.backend.log->read(refused.context, 0)) == ErrorCode::untrusted);
    CHECK(code_of(refused.backend.lock->acquire(refused.context, lock_info("x"))) == ErrorCode::untrusted);
  }
  CHECK(bytes_of(files, k_state) == state);
  CHECK(bytes_of(files, k_events) == events);

  Keyed process(files, "one", Plain::accepted);
  const auto lease = process.acquire("lock-2");
  auto snapshot = process.backend.store->load(process.context).value();
  REQUIRE(process.backend.seal->saw_plain());
  auto document = snapshot->document;
  document.serial += 1;
  document.folded_through = lease.fence.epoch;
  REQUIRE(process.backend.store->replace(process.context, lease.fence, snapshot->token, document));
  REQUIRE(process.backend.lock->release(process.context, lease));
  CHECK(bytes_of(files, k_state).find("genesys") == std::string::npos);
  CHECK(bytes_of(files, k_backup).find("genesys") == std::string::npos);

  // The earlier events are believed as far as the document vouches for them, and no further.
  Keyed later(files, "one", Plain::refused, 2);
  CHECK(identity_in(later.backend.store->load(later.context).value()->document, "a") == chain_named("one")->identity);
  CHECK(later.backend.log->read(later.context, 0).value().events.size() == 4);
  const auto sealed_events = bytes_of(files, k_events);
  const auto changed = [&](const std::string& from, const std::string& to) {
    auto bytes = sealed_events;
    bytes.replace(bytes.find(from), from.size(), to);
    REQUIRE(files.replace(k_events, bytes, 0600));
    Keyed reader(files, "one", Plain::refused, 3);
    CHECK(code_of(reader.backend.log->read(reader.context, 0)) == ErrorCode::corrupt);
  };
  changed("ops@host", "ops@hose");
  // The whole log in the clear, put back: what the document has not vouched for is refused.
  REQUIRE(files.replace(k_events, sealed_events, 0600));
  Process plain(files, 4);
  CHECK(code_of(plain.backend.store->load(plain.context)) == ErrorCode::denied);
  REQUIRE(files.replace(k_state, state, 0600));
  REQUIRE(files.replace(k_events, events, 0600));
  Keyed again(files, "one", Plain::refused, 5);
  CHECK(code_of(again.backend.store->load(again.context)) == ErrorCode::untrusted);
}

TEST_CASE("a damaged encrypted document is told with the way back, and its backup is that") {
  SimulatedFileSystem files;
  Keyed process(files);
  process.apply({{"a", "one"}}).value();
  process.apply({{"a", "two"}}, "lock-2").value();
  auto bytes = bytes_of(files, k_state);
  const auto at = bytes.find("\"sealed\":\"") + 60;
  bytes[at] = bytes[at] == 'A' ? 'B' : 'A';
  REQUIRE(files.replace(k_state, bytes, 0600));
  Keyed reader(files, "one", Plain::refused, 2);
  const auto damaged = reader.backend.store->load(reader.context);
  REQUIRE(code_of(damaged) == ErrorCode::corrupt);
  CHECK(damaged.error().hints.front().find("go back to the document before it") != std::string::npos);
  REQUIRE(files.replace(k_state, bytes_of(files, k_backup), 0600));
  Keyed mended(files, "one", Plain::refused, 3);
  CHECK(identity_in(mended.backend.store->load(mended.context).value()->document, "a") == chain_named("two")->identity);
}

TEST_CASE("a state that is read to be copied is left in the form that it has, whatever key there is") {
  SimulatedFileSystem files;
  Process(files).apply({{"a", "one"}}).value();
  Keyed source(files, "one", Plain::kept);
  const auto lease = source.acquire("lock-2");
  REQUIRE(source.append(lease, {intent_of("a", "two")}));
  REQUIRE(source.backend.lock->release(source.context, lease));
  Process plain(files, 2);
  CHECK(plain.backend.log->read(plain.context, 0).value().events.size() == 5);
  CHECK(plain.backend.store->load(plain.context).value()->document.open_intents.size() == 1);

  SimulatedFileSystem sealed;
  Keyed(sealed).apply({{"a", "one"}}).value();
  Keyed other(sealed, "one", Plain::kept, 2);
  const auto held = other.acquire("lock-2");
  REQUIRE(other.backend.lock->release(other.context, held));
  Keyed reader(sealed, "one", Plain::refused, 3);
  CHECK(reader.backend.log->read(reader.context, 0).value().events.size() == 4);
}
