// Two states of one backend, and one trunk.
#include "tests/unit/cmd/engine/scene.hpp"

using namespace trunkform;
using namespace trunkform::testing;

namespace {

/// `south` is on the service, both workspaces want it, and neither has recorded it.
struct TwoStates : Scene {
  TwoStates() {
    add_trunk("south", "old");
    REQUIRE(run({"workspace", "new", "other"}).code == 0);
    REQUIRE(run({"workspace", "select", "default"}).code == 0);
    configure({"south"}, "new");
  }
  Ended run_other_beside(std::vector<std::string> arguments) {
    environment.variables["TRUNKFORM_WORKSPACE"] = "other";
    auto ended = run_beside(std::move(arguments));
    environment.variables.erase("TRUNKFORM_WORKSPACE");
    return ended;
  }
  Ended run_other(std::vector<std::string> arguments) {
    environment.variables["TRUNKFORM_WORKSPACE"] = "other";
    auto ended = run(std::move(arguments));
    environment.variables.erase("TRUNKFORM_WORKSPACE");
    return ended;
  }
};

}  // namespace

TEST_CASE("of two first applies at the same moment in two workspaces, one binds and the other is told who does") {
  TwoStates scene;
  std::optional<Ended> other;
  scene.taps.before_bind = [&](const TrunkId&) {
    if (!other) other = scene.run_other_beside({"apply", "-auto-approve"});
  };
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  REQUIRE(other);
  INFO(other->out << other->err);
  CHECK(other->code == 1);
  CHECK(says(*other, "owned_elsewhere"));
  CHECK(says(*other, "workspace \"default\" binds it"));
  CHECK(scene.patches() == 1);
}

TEST_CASE("an adoption and an import claim the trunk, too") {
  TwoStates scene;
  std::optional<Ended> other;
  const std::string id = "00000000-0000-4000-8000-000000000001";
  scene.taps.before_bind = [&](const TrunkId&) {
    if (other) return;
    other = scene.run_other_beside({"import", "genesys_trunk_certificate.south", id});
  };
  REQUIRE(scene.run({"apply", "-auto-approve"}).code == 0);
  REQUIRE(other);
  INFO(other->out << other->err);
  CHECK(other->code == 1);
  CHECK(says(*other, "workspace \"default\" binds it"));
}

TEST_CASE("a trunk that is forgotten is free, and so is one that could not be bound") {
  TwoStates scene;
  scene.taps.refuse_bind = [](const TrunkId&) { return Error(ErrorCode::rejected, "the service says no"); };
  REQUIRE(scene.run_other({"apply", "-auto-approve"}).code != 0);
  scene.taps.refuse_bind = {};
  REQUIRE(scene.run({"apply", "-auto-approve"}).code == 0);
  CHECK(scene.run_other({"apply", "-auto-approve"}).code == 1);
  REQUIRE(scene.run({"forget", "genesys_trunk_certificate.south"}).code == 0);
  const auto adopted = scene.run_other({"apply", "-auto-approve"});
  INFO(adopted.out << adopted.err);
  CHECK(adopted.code == 0);
  CHECK(scene.run({"apply", "-auto-approve"}).code == 1);
}

TEST_CASE("a pushed state does not take another's trunks") {
  TwoStates scene;
  REQUIRE(scene.run({"apply", "-auto-approve"}).code == 0);
  const auto pulled = scene.run({"state", "pull"});
  REQUIRE(pulled.code == 0);
  scene.write("pulled.json", pulled.out);
  const auto pushed = scene.run_other({"state", "push", "-force", "pulled.json"});
  INFO(pushed.out << pushed.err);
  CHECK(pushed.code == 1);
  CHECK(says(pushed, "owned_elsewhere"));
}

TEST_CASE("while it is not known what an interrupted run did to a trunk, nobody else may have it") {
  TwoStates scene;
  scene.taps.refuse_bind = [](const TrunkId&) { return Error(ErrorCode::outcome_unknown, "the process ended here"); };
  REQUIRE(scene.run({"apply", "-auto-approve"}).code != 0);
  REQUIRE_FALSE(scene.state().open_intents.empty());
  REQUIRE(scene.state().resources.empty());
  scene.taps.refuse_bind = {};
  const auto other = scene.run_other({"apply", "-auto-approve"});
  INFO(other.out << other.err);
  CHECK(other.code == 1);
  CHECK(says(other, "workspace \"default\" binds it"));
  SECTION("not after a run that had nothing to do with it either") {
    // It cannot be seen, so the intent stays open.
    scene.turn(R"({"show_certificate":false})");
    (void)scene.run({"apply", "-auto-approve"});
    REQUIRE_FALSE(scene.state().open_intents.empty());
    scene.turn(R"({"show_certificate":true})");
    CHECK(says(scene.run_other({"apply", "-auto-approve"}), "owned_elsewhere"));
  }
  SECTION("until the next run finds that it was not bound") {
    scene.configure({}, "new");
    REQUIRE(scene.run({"apply", "-auto-approve"}).code == 0);
    REQUIRE(scene.state().open_intents.empty());
    scene.configure({"south"}, "new");
    CHECK(scene.run_other({"apply", "-auto-approve"}).code == 0);
  }
}

TEST_CASE(
    "what a killed run had claimed and never begun is given back by the next one, though that has nothing to do") {
  TwoStates scene;
  // Killed between the claim and the intent.
  scene.taps.before_get = [&](const TrunkId&) {
    auto& faults = scene.files.kernel().faults();
    const auto next = faults.sites().size() + 1;
    for (std::uint64_t n = next; n < next + 5000; ++n) faults.fail_at(n, platform::Fault::io_error);
  };
  REQUIRE(scene.run({"apply", "-auto-approve"}).code != 0);
  scene.files.kernel().faults().clear();
  scene.taps.before_get = {};
  REQUIRE(scene.patches() == 0);
  CHECK(says(scene.run_other({"apply", "-auto-approve"}), "owned_elsewhere"));
  scene.configure({}, "new");
  const auto next = scene.run({"apply", "-auto-approve"});
  INFO(next.out << next.err);
  REQUIRE(next.code == 0);
  scene.configure({"south"}, "new");
  const auto other = scene.run_other({"apply", "-auto-approve"});
  INFO(other.out << other.err);
  CHECK(other.code == 0);
}
