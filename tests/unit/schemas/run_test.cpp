#include "schemas/model/run.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;

TEST_CASE("exit codes combine in the order 1, 6, 2, 4") {
  using enum ExitCode;
  CHECK(combine(done, deferred) == deferred);
  CHECK(combine(deferred, changes) == changes);
  CHECK(combine(changes, stopped) == stopped);
  CHECK(combine(stopped, error) == error);
  CHECK(combine(error, done) == error);
  CHECK(combine(done, done) == done);
}
