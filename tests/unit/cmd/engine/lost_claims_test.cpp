// Two states of one backend, where the file of claims says less, or more, than they record.
#include "tests/unit/cmd/engine/scene.hpp"

using namespace trunkform;
using namespace trunkform::testing;

namespace {

struct TwoFolders : Scene {
  TwoFolders() {
    add_trunk("south", "old");
    configure({"south"}, "new");
    REQUIRE(run({"apply", "-auto-approve"}).code == 0);
    REQUIRE(run({"workspace", "new", "other"}).code == 0);
    REQUIRE(run({"workspace", "select", "default"}).code == 0);
  }
  Ended in(const std::string& workspace, std::vector<std::string> arguments) {
    environment.variables["TRUNKFORM_WORKSPACE"] = workspace;
    auto ended = run(std::move(arguments));
    environment.variables.erase("TRUNKFORM_WORKSPACE");
    return ended;
  }
  void lose_claims() { REQUIRE(files.remove("/conf/trunkform.owners.json")); }
};

}  // namespace

TEST_CASE("a pushed state does not take another's trunks, also where the claims were lost") {
  TwoFolders scene;
  const auto pulled = scene.run({"state", "pull"});
  scene.write("pulled.json", pulled.out);
  scene.lose_claims();
  const auto pushed = scene.in("other", {"state", "push", "-force", "pulled.json"});
  INFO(pushed.out << pushed.err);
  CHECK(pushed.code == 1);
  CHECK(says(pushed, "it is bound by genesys_trunk_certificate.south in workspace \"default\""));
  // What the refused push claimed is free again.
  CHECK(scene.run({"apply", "-auto-approve"}).code == 0);
  scene.make_pair("next", std::chrono::hours(24 * 92));
  scene.configure({"south"}, "next");
  SUCCEEDS(scene.run({"apply", "-auto-approve"}));
}

TEST_CASE("an apply claims again what its state records") {
  TwoFolders scene;
  scene.lose_claims();
  scene.add_trunk("north", "old");
  scene.configure({"south", "north"}, "new");
  SUCCEEDS(scene.run({"apply", "-auto-approve"}));
  const auto claims = scene.files.read("/conf/trunkform.owners.json", 1 << 20).value();
  INFO(claims);
  CHECK(claims.find("00000000-0000-4000-8000-000000000001") != std::string::npos);
  CHECK(claims.find("00000000-0000-4000-8000-000000000002") != std::string::npos);
}

TEST_CASE("a workspace that is deleted gives up its claims, and one that is made by its name begins with nothing") {
  TwoFolders scene;
  REQUIRE(scene.run({"forget", "genesys_trunk_certificate.south"}).code == 0);
  SUCCEEDS(scene.in("other", {"apply", "-auto-approve"}));
  REQUIRE(scene.run({"workspace", "delete", "-force", "other"}).code == 0);
  REQUIRE(scene.run({"workspace", "new", "other"}).code == 0);
  const auto ended = scene.in("default", {"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
}
