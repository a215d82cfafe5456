#pragma once
// What the tests of gates share.
#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/planner/diff/world.hpp"

namespace trunkform::diff::test {

/// A write that nothing stops: due, and a newer certificate is offered.
struct DueWorld : World {
  DueWorld() {
    set_live(leaf("live", days(20)));
    set_offer(leaf("newer", days(88)));
  }
};

/// Stopped by `gate`, in these words, with a way on.
inline void check(const PlannedChange& change, Gate gate, const std::string& summary) {
  INFO(fingerprint_of(change));
  CHECK(change.gate == gate);
  CHECK_FALSE(change.writes());
  CHECK_FALSE(change.not_before);
  REQUIRE(change.error);
  CHECK(change.error->summary == summary);
  CHECK(change.error->address == "genesys_trunk_certificate.a");
  CHECK(change.error->source);
  CHECK_FALSE(change.error->hints.empty());
}

}  // namespace trunkform::diff::test
