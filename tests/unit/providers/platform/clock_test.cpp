#include "providers/platform/posix/clock.hpp"

#include <thread>

#include <catch2/catch.hpp>

#include "providers/platform/posix/random.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/random.hpp"

using namespace std::chrono_literals;
using trunkform::Context;
using trunkform::Duration;
using trunkform::ErrorCode;
using trunkform::Instant;

TEST_CASE("a sleep ends as soon as a stop is requested") {
  trunkform::platform::SystemClock clock;
  std::stop_source source;
  const std::jthread stopper([&] {
    std::this_thread::sleep_for(30ms);
    source.request_stop();
  });
  const auto before = clock.monotonic();
  CHECK(clock.sleep(Context{std::nullopt, source.get_token()}, 1h).error().code == ErrorCode::cancelled);
  CHECK(clock.monotonic() - before < 10s);
}

TEST_CASE("a sleep without a stop lasts at least as long as asked") {
  trunkform::platform::SystemClock clock;
  const auto before = clock.monotonic();
  CHECK(clock.sleep(Context{}, 20ms));
  CHECK(clock.monotonic() - before >= 20ms);
}

TEST_CASE("the simulated clock moves by sleeping only, and its wall apart from its steady time") {
  trunkform::platform::SimulatedClock clock(Instant(1h));
  CHECK(clock.sleep(Context{}, 5min));
  clock.adjust_wall(-2h);
  CHECK(clock.now() == Instant(1h + 5min - 2h));
  CHECK(clock.monotonic() == 5min);
  CHECK(clock.sleeps() == std::vector<Duration>{5min});
}

TEST_CASE("seeded randomness repeats by seed and differs between seeds; the system's never repeats") {
  trunkform::platform::SeededRandom first(7), same(7), other(8);
  const auto uuid = first.uuid();
  CHECK(uuid == same.uuid());
  CHECK(uuid != other.uuid());
  trunkform::platform::SystemRandom system;
  CHECK(system.uuid() != system.uuid());
}
