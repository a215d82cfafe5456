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
