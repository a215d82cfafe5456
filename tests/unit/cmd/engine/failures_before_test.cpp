// What an interrupted run failed on, as far as it stops the next one.
#include "tests/unit/cmd/engine/soaking.hpp"

using namespace trunkform;
using namespace trunkform::testing;

namespace {

/// Killed right after its first PATCH, on `east`, which does not serve what was bound.
struct Killed : Timed {
  explicit Killed(const std::string& policy) {
    record_old(k_probing, R"("canary": 0, "stagger": "0s", "soak": "0s", )" + policy);
    auto& faults = files.kernel().faults();
    auto listen = std::exchange(taps.after_bind, [&](const TrunkId&) {
      const auto next = faults.sites().size() + 1;
      for (std::uint64_t n = next; n < next + 5000; ++n) faults.fail_at(n, platform::Fault::io_error);
    });
    REQUIRE(run({"apply", "-auto-approve"}).code != 0);
    faults.clear();
    taps.after_bind = std::move(listen);
    REQUIRE(live("east") == "new");
    REQUIRE(live("north") == "old");
    serve("old");
  }
  bool touched(const std::string& name) {
    return std::any_of(bound.begin(), bound.end(), [&](const auto& one) { return one.first == name; });
  }
};

}  // namespace

TEST_CASE("a bind that recovery finds failed stops the run that allows none, whatever becomes of the trunk") {
  Killed scene(GENERATE(R"("on_failure": "rollback")", R"("on_failure": "stop")"));
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code != 0);
  CHECK(says(ended, "it is not tried on others"));
  CHECK_FALSE(scene.touched("north"));
}

TEST_CASE("a bind that recovery finds failed stops also what is to get another chain") {
  Killed scene(GENERATE(R"("on_failure": "rollback")", R"("on_failure": "stop")"));
  // Nothing is known against that one.
  scene.make_pair("other", std::chrono::hours(24 * 91));
  scene.offer_to({"north", "west"}, "other");
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(says(ended, "an interrupted run failed on 1 trunk; the next run goes on with the rest"));
  CHECK_FALSE(scene.touched("north"));
  CHECK_FALSE(scene.touched("west"));
}

TEST_CASE("a bind that recovery finds failed counts, and the run goes on where more are allowed") {
  const std::string then =
      GENERATE(R"("on_failure": "rollback", "max_failures": 1)", R"("on_failure": "stop", "max_failures": 1)");
  Killed scene(then);
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK_FALSE(says(ended, "an interrupted run failed on"));
  CHECK(scene.touched("north"));
}

TEST_CASE("whoever goes on after failures goes on after one that recovery finds") {
  Killed scene(R"("on_failure": "continue")");
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK_FALSE(says(ended, "an interrupted run failed on"));
  CHECK(scene.live("east") == "new");
  CHECK(scene.touched("north"));
  CHECK(scene.touched("west"));
}

TEST_CASE("whoever insists goes on after a failure that recovery finds") {
  Killed scene(R"("on_failure": "rollback")");
  const auto ended = scene.run({"apply", "-auto-approve", "-retry"});
  INFO(ended.out << ended.err);
  CHECK(scene.live("east") == "old");
  CHECK(scene.touched("north"));
}

TEST_CASE("what recovery could not see stops the run before it writes, where that is the policy") {
  Killed scene(R"("unreachable": "stop")");
  scene.tls.answer = [](const TlsProbePolicy&) -> Result<std::vector<ServedChain>> {
    return Error(ErrorCode::unavailable, "no route to host");
  };
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(says(ended, "could not be verified; the next run goes on"));
  CHECK_FALSE(scene.touched("north"));
}

TEST_CASE("a way back that recovery could not see stops the run before it writes, where that is the policy") {
  Killed scene(R"("on_failure": "rollback", "unreachable": "stop")");
  auto& faults = scene.files.kernel().faults();
  auto listen = std::exchange(scene.taps.after_bind, [&](const TrunkId&) {
    const auto next = faults.sites().size() + 1;
    for (std::uint64_t n = next; n < next + 5000; ++n) faults.fail_at(n, platform::Fault::io_error);
  });
  REQUIRE(scene.run({"apply", "-auto-approve"}).code != 0);
  faults.clear();
  scene.taps.after_bind = std::move(listen);
  REQUIRE(scene.live("east") == "old");
  scene.tls.answer = [](const TlsProbePolicy&) -> Result<std::vector<ServedChain>> {
    return Error(ErrorCode::unavailable, "no route to host");
  };
  scene.bound.clear();
  scene.make_pair("other", std::chrono::hours(24 * 91));
  scene.offer_to({"north", "west"}, "other");
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(says(ended, "could not be verified; the next run goes on"));
  CHECK_FALSE(scene.touched("north"));
}

TEST_CASE("what an interrupted run left failing is taken back also where the source offers a newer one") {
  Killed scene(R"("on_failure": "rollback")");
  scene.make_pair("better", std::chrono::hours(24 * 92));
  scene.offer_to({"east", "north", "west"}, "better");
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 6);
  CHECK(scene.live("east") == "old");
  CHECK(scene.live("north") == "old");
  scene.serve("better");
  (void)scene.run({"apply", "-auto-approve"});
  CHECK(scene.live("east") == "better");
}
