#include <algorithm>
#include <regex>

#include <catch2/catch.hpp>

#include "state/document/hash_chain.hpp"
#include "tests/unit/state/state_fixture.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using platform::SimulatedFileSystem;

namespace {

struct Disk {
  std::string state;
  std::string events;
  std::string backup{};
};

/// Two commits, then outcomes that were not committed.
Disk written_disk() {
  SimulatedFileSystem files;
  Process process(files);
  process.apply({{"a", "one"}}).value();
  process.apply({{"a", "two"}}, "lock-2").value();
  const auto lease = process.acquire("lock-3");
  process.append(lease, {intent_of("b", "one")}).value();
  process.append(lease, {committed("b", "one")}).value();
  return {*files.read(k_state, 1 << 20), *files.read(k_events, 1 << 20), *files.read(k_backup, 1 << 20)};
}

void put(SimulatedFileSystem& files, const Disk& disk) {
  REQUIRE(files.create_directories(k_folder));
  REQUIRE(files.replace(k_state, disk.state, 0600));
  REQUIRE(files.replace(k_events, disk.events, 0600));
  REQUIRE(files.replace(k_backup, disk.backup, 0600));
}

std::size_t lines_in(std::string_view bytes) {
  return static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
}

}  // namespace

TEST_CASE("an event log cut off at any byte reads as its whole lines, and the next run cuts the rest off and goes on") {
  const auto disk = written_disk();
  for (std::size_t length = 0; length <= disk.events.size(); ++length) {
    SimulatedFileSystem files;
    auto cut = disk;
    cut.events.resize(length);
    put(files, cut);
    Process process(files);
    const auto whole = lines_in(cut.events);
    INFO("cut at byte " << length);
    const auto page = process.backend.log->read(process.context, 0);
    REQUIRE(page);
    REQUIRE(page->events.size() == whole);
    const auto snapshot = process.backend.store->load(process.context);
    REQUIRE((snapshot && *snapshot));
    REQUIRE(identity_in((**snapshot).document, "a") == chain_named("two")->identity);
    const bool has_outcome = length == disk.events.size();
    REQUIRE(((**snapshot).document.resources.count(address_of("b")) == 1) == has_outcome);

    const auto lease = process.acquire("lock-9");
    const auto after = process.backend.log->read(process.context, 0);
    REQUIRE(after);
    REQUIRE(after->events.size() == whole + 1);
    REQUIRE(state::verify_chain(after->events));
    const auto& opened = std::get<EpochOpened>(after->events.back().body);
    const auto line_end = cut.events.rfind('\n');
    REQUIRE(opened.torn_bytes == length - (line_end == std::string::npos ? 0 : line_end + 1));
    // What the document has folded in is never given a number again.
    REQUIRE(lease.fence.epoch > (**snapshot).document.folded_through);
    const bool near_a_line_end =
        cut.events.substr(length - std::min<std::size_t>(length, 2)).find('\n') != std::string::npos;
    if (!near_a_line_end && length % 16 != 0) continue;  // going on costs ten times as much as looking
    REQUIRE(process.append(lease, {committed("c", "one")}));
    const auto token = process.backend.store->commit(process.context, lease.fence, (**snapshot).token, {});
    REQUIRE(token);
    const auto final_state = process.backend.store->load(process.context);
    REQUIRE((**final_state).document.resources.count(address_of("c")) == 1);
  }
}

TEST_CASE("blocks of zeros after the last event are what a power cut leaves, and are cut off") {
  const auto disk = written_disk();
  for (const std::size_t zeros : {1, 7, 512, 4096}) {
    for (const std::string tail : {"", "\n", "{\"format\":1,\n"}) {
      SimulatedFileSystem files;
      auto torn = disk;
      torn.events += std::string(zeros, '\0') + tail;
      put(files, torn);
      Process process(files);
      REQUIRE(process.backend.log->read(process.context, 0)->events.size() == lines_in(disk.events));
      process.acquire("lock-9");
      const auto page = process.backend.log->read(process.context, 0);
      REQUIRE(page);
      REQUIRE(std::get<EpochOpened>(page->events.back().body).torn_bytes == zeros + tail.size());
    }
  }
}

TEST_CASE("any changed byte before the last event is damage with its line, and the printed command mends it") {
  const auto disk = written_disk();
  const auto last_line = disk.events.rfind('\n', disk.events.size() - 2) + 1;
  for (std::size_t at = 0; at < last_line; at += (at % 7) + 1) {
    SimulatedFileSystem files;
    auto damaged = disk;
    damaged.events[at] = static_cast<char>(damaged.events[at] ^ 0x11);
    put(files, damaged);
    Process process(files);
    INFO("byte " << at << " is now " << damaged.events[at]);
    const auto refused = process.backend.log->read(process.context, 0);
    REQUIRE_FALSE(refused);
    if (refused.error().code == ErrorCode::unsupported) continue;  // the format's digit itself
    REQUIRE(refused.error().code == ErrorCode::corrupt);
    std::smatch keep;
    const auto hint = refused.error().hints.at(0);
    REQUIRE(std::regex_search(hint, keep, std::regex("head -n ([0-9]+) ")));
    const auto kept = std::stoul(keep[1]);
    const auto line = lines_in(std::string_view(disk.events).substr(0, at)) + 1;
    REQUIRE(kept < line);
    REQUIRE(kept + 2 >= line);
    REQUIRE(refused.error().summary.ends_with("line " + std::to_string(kept + 1)));

    std::size_t end = 0;
    for (std::size_t left = kept; left > 0; --left) end = damaged.events.find('\n', end) + 1;
    REQUIRE(files.replace(k_events, damaged.events.substr(0, end), 0600));
    const auto page = process.backend.log->read(process.context, 0);
    REQUIRE(page);
    REQUIRE(page->events.size() == kept);
    REQUIRE(process.apply({{"z", "one"}}, "lock-9"));
  }
}

TEST_CASE("nothing is appended after a last line that is whole and no event, whether the document has it or not") {
  const auto written = written_disk();
  const auto last_line = written.events.rfind('\n', written.events.size() - 2) + 1;
  for (const bool is_folded : {false, true}) {
    INFO("folded " << is_folded);
    SimulatedFileSystem files;
    auto damaged = written;
    if (is_folded) {
      put(files, written);
      Process process(files);
      REQUIRE(process.apply({{"z", "one"}}, "lock-8"));
      damaged = {*files.read(k_state, 1U << 20U), *files.read(k_events, 1U << 20U)};
    }
    const auto from = is_folded ? damaged.events.rfind('\n', damaged.events.size() - 2) + 1 : last_line;
    damaged.events.replace(damaged.events.find("\"kind\":\"", from) + 1, 4, "KIND");
    put(files, damaged);
    Process process(files);
    CHECK(code_of(process.backend.store->load(process.context)) == ErrorCode::corrupt);
    const auto refused = process.backend.lock->acquire(process.context, lock_info("lock-9"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::corrupt);
    CHECK(refused.error().hints.at(0).find("head -n ") != std::string::npos);
    CHECK(*files.read(k_events, 1U << 20U) == damaged.events);
    REQUIRE(files.replace(k_events, damaged.events.substr(0, from), 0600));
    CHECK(process.backend.lock->acquire(process.context, lock_info("lock-9")));
  }
}

TEST_CASE("a log of a newer format is not damaged: it names the version that is needed") {
  SimulatedFileSystem files;
  auto disk = written_disk();
  disk.events += "{\"format\":2,\"needs\":\"0.8.0\"}\n";
  put(files, disk);
  Process process(files);
  const auto refused = process.backend.store->load(process.context);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::unsupported);
  CHECK(refused.error().hints.at(0) == "use trunkform 0.8.0 or newer");
}

TEST_CASE("a state document cut off at any byte is damage, and going back to the backup loses nothing") {
  const auto disk = written_disk();
  for (std::size_t length = 0; length + 1 < disk.state.size(); ++length) {
    SimulatedFileSystem files;
    auto cut = disk;
    cut.state.resize(length);
    put(files, cut);
    Process process(files);
    const auto refused = process.backend.store->load(process.context);
    REQUIRE_FALSE(refused);
    REQUIRE(refused.error().code == ErrorCode::corrupt);
    REQUIRE(refused.error().hints.at(0).find("cp /state/trunkform.state.backup /state/trunkform.state.json") !=
            std::string::npos);
  }
  SimulatedFileSystem files;
  auto mended = disk;
  mended.state = disk.backup;
  put(files, mended);
  Process process(files);
  const auto snapshot = process.backend.store->load(process.context);
  REQUIRE((snapshot && *snapshot));
  CHECK(identity_in((**snapshot).document, "a") == chain_named("two")->identity);
  CHECK(identity_in((**snapshot).document, "b") == chain_named("one")->identity);
}

TEST_CASE("a log longer than one window is read from its end, and hashes are checked across windows") {
  SimulatedFileSystem files;
  Process process(files);
  const auto lease = process.acquire();
  std::vector<EventBody> bodies;
  for (int index = 0; index < 700; ++index) bodies.push_back(committed("a", std::to_string(index)));
  REQUIRE(process.append(lease, bodies));
  const auto bytes = *files.read(k_events, 1ULL << 30);
  REQUIRE(bytes.size() > 512 * 1024);
  for (const Sequence after : {Sequence{0}, Sequence{1}, Sequence{350}, Sequence{600}, Sequence{700}, Sequence{701}}) {
    const auto page = process.backend.log->read(process.context, after);
    REQUIRE(page);
    REQUIRE(page->last == 701);
    REQUIRE(page->events.size() == 701 - after);
    if (after < 701) REQUIRE(page->events.front().sequence == after + 1);
  }
  CHECK(process.backend.log->read(process.context, 5000)->events.empty());
}
