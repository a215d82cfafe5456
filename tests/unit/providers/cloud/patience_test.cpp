#include "providers/cloud/patience.hpp"

#include <catch2/catch.hpp>

#include "providers/cloud/pacer.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/random.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::cloud;

namespace {
struct PatienceBench {
  platform::SimulatedClock clock{Instant(1h)};
  platform::SeededRandom random{7};
  RetryAllowance allowance{100};  // what one call may do is another question
  Patience patience(Duration budget) { return {clock, random, allowance, budget}; }
};
const Error k_down(ErrorCode::unavailable, "down");
}  // namespace

TEST_CASE("in any sixty seconds the pacer begins no more requests than allowed, and a small run never waits") {
  Pacer pacer(240);
  platform::SeededRandom random(3);
  std::vector<Duration> begun;
  Duration now{};
  for (int i = 0; i < 3000; ++i) {
    begun.push_back(now + pacer.reserve(now));
    if (i < 240) CHECK(begun.back() == now);
    now += Duration(static_cast<Duration::rep>(random.below(100)));
  }
  for (std::size_t i = 240; i < begun.size(); ++i) CHECK(begun[i] - begun[i - 240] >= 1min);
}

TEST_CASE("a hold delays everybody, also those who have their slot already") {
  Pacer pacer(100);
  CHECK(pacer.reserve(0s) == 0s);
  pacer.hold(1s, 7s);
  CHECK(pacer.held(2s) == 6s);
  CHECK(pacer.reserve(2s) == 6s);
  pacer.hold(2s, 1s);  // a shorter one does not end a longer one
  CHECK(pacer.held(2s) == 6s);
  CHECK(pacer.held(20s) == 0s);
}

TEST_CASE("the jitter is full: from nothing to a ceiling that doubles up to the cap") {
  const Backoff backoff;
  CHECK(backoff.ceiling(1) == 1s);
  CHECK(backoff.ceiling(3) == 4s);
  CHECK(backoff.ceiling(40) == 30s);
  platform::SeededRandom random(1);
  Duration least = 1h, most{};
  for (int i = 0; i < 1000; ++i) {
    const auto wait = backoff.wait(3, random);
    least = std::min(least, wait);
    most = std::max(most, wait);
  }
  CHECK(least < 50ms);
  CHECK(most <= 4s);
  CHECK(most > 1900ms);
}

TEST_CASE("what the service asks for is waited in full, however often, as long as the budget lasts") {
  PatienceBench bench;
  auto patience = bench.patience(5min);
  int tries = 0;
  while (patience.before_next({}, k_down, 7s)) ++tries;
  CHECK(tries >= 40);
  for (const auto sleep : bench.clock.sleeps()) CHECK(sleep >= 7s);
  CHECK(bench.clock.monotonic() <= 5min);
}

TEST_CASE("a wait beyond the budget is not begun: the error says how long was asked") {
  PatienceBench bench;
  auto patience = bench.patience(5min);
  const auto error = patience.before_next({}, k_down, 6min).error();
  CHECK(error.code == ErrorCode::unavailable);
  CHECK(error.retry_after == Duration(6min));
  CHECK(bench.clock.sleeps().empty());
}

TEST_CASE("repetitions nobody timed end after six, with how often and how long it was tried") {
  PatienceBench bench;
  auto patience = bench.patience(1h);
  for (int i = 0; i < 6; ++i) REQUIRE(patience.before_next({}, k_down));
  const auto error = patience.before_next({}, k_down).error();
  CHECK(error.detail.find("tried 7 times in") != std::string::npos);
}

TEST_CASE("repetitions stay at a tenth of all requests, or at three where that is more") {
  RetryAllowance allowance;
  const auto taken = [&] {
    int count = 0;
    while (allowance.take()) ++count;
    return count;
  };
  for (int i = 0; i < 25; ++i) allowance.count_request();
  CHECK(taken() == 3);
  for (int i = 0; i < 75; ++i) allowance.count_request();
  CHECK(taken() == 7);
}

TEST_CASE("a deadline before the next try is a timeout and a stop is a cancellation, each with its cause") {
  PatienceBench bench;
  auto patience = bench.patience(1h);
  const auto late = patience.before_next({bench.clock.now() + 3s, {}}, k_down, 7s).error();
  CHECK(late.code == ErrorCode::timeout);
  CHECK(late.causes.at(0).summary == "down");
  std::stop_source source;
  source.request_stop();
  CHECK(patience.before_next({std::nullopt, source.get_token()}, k_down).error().code == ErrorCode::cancelled);
}

TEST_CASE("a service that asks for no pause at all is asked no more often than one that names none") {
  PatienceBench bench;
  auto patience = bench.patience(10min);
  int tries = 0;
  while (tries < 1000 && patience.before_next({}, k_down, 0s)) ++tries;
  CHECK(tries < 20);
}

TEST_CASE("what a service throttled, and named no time for, is asked again until the budget ends") {
  PatienceBench bench;
  RetryAllowance none{0};
  const auto begun = bench.clock.monotonic();
  Patience patience(bench.clock, bench.random, none, 2min);
  int tries = 0;
  while (patience.before_next({}, Error(ErrorCode::throttled, "Rate exceeded"))) ++tries;
  CHECK(tries > Backoff().attempts);
  CHECK(bench.clock.monotonic() - begun <= 2min);
  CHECK(bench.clock.monotonic() - begun >= 1min);

  Patience other(bench.clock, bench.random, none, 2min);
  CHECK_FALSE(other.before_next({}, k_down));
}
