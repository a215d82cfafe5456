// What is read without the lock while a short run of our own begins and ends.
#include <thread>

#include "tests/unit/cmd/engine/scene.hpp"

using namespace trunkform;
using namespace trunkform::testing;

namespace {

/// `east` gets `new` between the look at the state and the list of the trunks, and nobody holds the lock after that.
struct Beside : Scene {
  Beside() {
    record_old();
    taps.before_list = [this, done = false]() mutable {
      if (std::exchange(done, true)) return;
      // The state is read on a thread of its own, long before this. Were it read later, there would be nothing to see.
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      SUCCEEDS(run_beside({"apply", "-auto-approve", "-target=genesys_trunk_certificate.east"}));
    };
  }
};

}  // namespace

TEST_CASE("what a run did that began after the first look and is over by now is no drift") {
  Beside scene;
  const auto seen = scene.run({"drift"});
  INFO(seen.out << seen.err);
  REQUIRE(scene.live("east") == "new");
  CHECK(seen.code == 0);
  CHECK(says(seen, "a run began or ended while this looked"));
  CHECK(says(seen, "0 drifted"));
  CHECK(scene.run({"drift"}).code == 0);
}

TEST_CASE("what somebody bound by hand beside such a run is drift all the same") {
  Beside scene;
  scene.make_pair("stranger");
  scene.bind_by_hand("west", "stranger");
  const auto seen = scene.run({"drift"});
  INFO(seen.out << seen.err);
  CHECK(seen.code == 2);
  CHECK(says(seen, "1 drifted"));
}
