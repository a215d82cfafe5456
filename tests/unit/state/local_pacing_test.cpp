// The places of a carrier, over one disk and several processes.
#include "state/backends/local/local_pacing.hpp"

#include <catch2/catch.hpp>

#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/file_system.hpp"
#include "providers/platform/simulated/random.hpp"
#include "schemas/codec/pacing_codec.hpp"
#include "state/document/pacing.hpp"

using namespace trunkform;
using namespace std::chrono_literals;

namespace {

const CarrierKey k_a{"org", "a"};
const CarrierKey k_b{"org", "b"};
const Path k_file = "/state/trunkform.pacing.json";

struct Runner {
  Runner(FileSystem& files, std::uint64_t seed)
      : random(seed),
        pacing(files, clock, random, "/state", "run-" + std::to_string(seed),
               std::make_shared<state::Seal>(nullptr, random, "run-" + std::to_string(seed))) {}
  platform::SimulatedClock clock{Instant(1000h)};
  platform::SeededRandom random;
  state::LocalPacing pacing;
  Context context;
  std::optional<Instant> until(const CarrierKey& carrier) {
    const auto wait = pacing.busy_until(context, carrier, 1).value();
    return wait ? std::optional(wait->until) : std::nullopt;
  }
};

}  // namespace

TEST_CASE("a place is one run's until it leaves it, and then for as long as the carrier rests") {
  platform::SimulatedFileSystem files;
  Runner one(files, 1), two(files, 2);
  const auto place = one.pacing.take(one.context, k_a, 1, 10min, 3min).value();
  REQUIRE(place.taken());
  const auto refused = two.pacing.take(two.context, k_a, 1, 10min, 3min).value();
  CHECK_FALSE(refused.taken());
  // Given back now it would rest until then: sooner nobody need ask.
  CHECK(refused.until == two.clock.now() + 3min);
  CHECK(refused.held_by == "a run of workspace \"run-1\"");
  CHECK(two.pacing.take(two.context, k_b, 1, 10min, 3min)->taken());
  CHECK(two.pacing.take(two.context, {"another", "a"}, 1, 10min, 3min)->taken());

  REQUIRE(one.pacing.leave(one.context, place, 3min));
  CHECK(two.until(k_a) == two.clock.now() + 3min);
  two.clock.advance(3min);
  CHECK_FALSE(two.until(k_a));
  CHECK(two.pacing.take(two.context, k_a, 1, 10min, 3min)->taken());
}

TEST_CASE("a run that died holds its place no longer than it said") {
  platform::SimulatedFileSystem files;
  Runner dead(files, 1), alive(files, 2);
  REQUIRE(dead.pacing.take(dead.context, k_a, 1, 10min, 3min)->taken());
  alive.clock.advance(10min);
  CHECK(alive.pacing.take(alive.context, k_a, 1, 10min, 3min)->taken());
}

TEST_CASE("the next run of the same state knows that the one before is dead, and only rests") {
  platform::SimulatedFileSystem files;
  Runner dead(files, 1), next(files, 1), stranger(files, 2);
  REQUIRE(dead.pacing.take(dead.context, k_a, 1, 10min, 3min)->taken());
  REQUIRE(stranger.pacing.leave_what_died(stranger.context));
  const auto taken_until = [&] { return decode_pacing(files.read(k_file, 1 << 20).value())->places.at(0).until; };
  CHECK(taken_until() == next.clock.now() + 10min);
  REQUIRE(next.pacing.leave_what_died(next.context));
  CHECK(taken_until() == next.clock.now() + 3min);
  CHECK(next.until(k_a) == next.clock.now() + 3min);
}

TEST_CASE("a carrier has as many places as it allows, and the first that ends is the next to be had") {
  platform::SimulatedFileSystem files;
  Runner run(files, 1);
  const auto first = run.pacing.take(run.context, k_a, 2, 5min, 8min).value();
  const auto second = run.pacing.take(run.context, k_a, 2, 9min, 8min).value();
  REQUIRE(second.taken());
  CHECK(run.pacing.take(run.context, k_a, 2, 1min, 8min)->until == run.clock.now() + 5min);
  REQUIRE(run.pacing.leave(run.context, first, 0s));
  CHECK(run.pacing.take(run.context, k_a, 2, 1min, 3min)->taken());
  // Somebody whose configuration allows one only waits for both.
  CHECK(run.until(k_a) == run.clock.now() + 8min);
}

TEST_CASE("a place is kept for longer by whoever has it, also where it has ended meanwhile") {
  platform::SimulatedFileSystem files;
  Runner slow(files, 1), next(files, 2);
  auto place = slow.pacing.take(slow.context, k_a, 1, 10min, 3min).value();
  const auto wait = GENERATE(9min, 11min);
  slow.clock.advance(wait);
  next.clock.advance(wait);
  REQUIRE(slow.pacing.keep(slow.context, place, 10min));
  CHECK(place.until == slow.clock.now() + 10min);
  next.clock.advance(9min);
  CHECK_FALSE(next.pacing.take(next.context, k_a, 1, 10min, 3min)->taken());
  next.clock.advance(1min);
  CHECK(next.pacing.take(next.context, k_a, 1, 10min, 3min)->taken());
}

TEST_CASE("leaving a place that has ended meanwhile takes it again for the rest") {
  platform::SimulatedFileSystem files;
  Runner run(files, 1);
  const auto place = run.pacing.take(run.context, k_a, 1, 1min, 3min).value();
  run.clock.advance(2min);
  REQUIRE(run.pacing.leave(run.context, place, 3min));
  CHECK(run.until(k_a) == run.clock.now() + 3min);
}

TEST_CASE("a file that cannot be read, or that a wrong clock wrote, holds nobody up for long") {
  platform::SimulatedFileSystem files;
  Runner run(files, 1);
  REQUIRE(run.pacing.take(run.context, k_a, 1, 10min, 3min)->taken());
  SECTION("damaged") {
    REQUIRE(files.replace(k_file, "{\"format\":1,", 0600));
    CHECK(run.pacing.take(run.context, k_a, 1, 10min, 3min)->taken());
  }
  SECTION("of a newer format") {
    REQUIRE(files.replace(k_file, "{\"format\":2,\"places\":[]}\n", 0600));
    CHECK(run.pacing.take(run.context, k_a, 1, 10min, 3min)->taken());
  }
  SECTION("a hundred years from now") {
    const PacingBook book{{{k_a, "ticket", run.clock.now() + std::chrono::hours(24 * 365 * 100), {}, {}}}};
    REQUIRE(files.replace(k_file, encode_pacing(book), 0600));
    CHECK(run.until(k_a) == run.clock.now() + state::k_longest_hold);
  }
}

TEST_CASE("what is written is read back, and the page that documents it shows it") {
  const PacingBook book{{{{"org \"1\"", ""}, "t-1", Instant(5h), "default", 3min}, {k_b, "t-2", Instant(7h), {}, {}}}};
  const auto read = decode_pacing(encode_pacing(book));
  REQUIRE(read);
  REQUIRE(read->places.size() == 2);
  CHECK(read->places[0].carrier == book.places[0].carrier);
  CHECK(read->places[1].until == book.places[1].until);
  CHECK(encode_pacing(*read) == encode_pacing(book));
}

TEST_CASE("a write that fails is told, and takes no place") {
  platform::SimulatedFileSystem files;
  Runner run(files, 1);
  auto& faults = files.kernel().faults();
  const auto first = faults.sites().size();
  for (std::uint64_t n = 1; n < 200; ++n) faults.fail_at(first + n, platform::Fault::no_space);
  CHECK_FALSE(run.pacing.take(run.context, k_a, 1, 10min, 3min));
  faults.clear();
  CHECK(run.pacing.take(run.context, k_a, 1, 10min, 3min)->taken());
}
