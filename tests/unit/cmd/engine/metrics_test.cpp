// What an apply writes into the metrics about the trunks that it bound: as the next plan finds them.
#include "tests/unit/cmd/engine/scene.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using std::chrono::hours;

namespace {

struct Measured : Scene {
  void configure_measured(const std::string& pair, const std::string& more = "") {
    configure({"east"}, pair, more);
    write("metrics.trunk.json", R"({"metrics": {"textfile": {"path": "m.prom"}}})");
  }
  /// The lines about `east`, but for the days, which pass.
  std::string of_east() {
    std::istringstream lines(files.read("/conf/m.prom", 1 << 20).value());
    std::string found;
    for (std::string line; std::getline(lines, line);)
      if (line.find("address=\"genesys_trunk_certificate.east\"") != std::string::npos &&
          line.find("days_left") == std::string::npos)
        found += line + "\n";
    return found;
  }
  std::string after(const std::vector<std::string>& command) {
    const auto ended = run(command);
    INFO(ended.out << ended.err);
    const auto found = of_east();
    CHECK_FALSE(found.empty());
    return found;
  }
};

}  // namespace

TEST_CASE("what an apply bound and is due already is not called healthy") {
  Measured scene;
  scene.add_trunk("east", "old");
  scene.clock.advance(hours(24 * 63));
  scene.configure_measured("new");
  const auto applied = scene.after({"apply", "-auto-approve"});
  REQUIRE(scene.live("east") == "new");
  CHECK(applied.find(R"(health="due")") != std::string::npos);
  CHECK(applied == scene.after({"plan"}));
}

TEST_CASE("what an apply bound ends with the first of its path, though that authority is not sent") {
  Measured scene;
  scene.add_trunk("east", "old");
  auto request = root_request(scene.clock.now());
  request.common_name = "Short Root";
  const auto ends = scene.clock.now() + hours(24 * 40);
  request.not_after = ends;
  const auto root = make_root(request);
  const auto intermediate = make(intermediate_request(scene.clock.now()), root);
  const auto leaf = make(leaf_request(scene.clock.now()), intermediate);
  scene.use_pair("short", {leaf.pem + intermediate.pem, leaf.key.text()});
  scene.write("root.pem", scene.files.read("/conf/root.pem", 1 << 20).value() + root.pem);
  scene.configure_measured("short", R"("replace_compromised": true)");
  const auto applied = scene.after({"apply", "-auto-approve"});
  REQUIRE(scene.live("east") == "short");
  CHECK(applied.find(std::to_string(std::chrono::floor<std::chrono::seconds>(ends).time_since_epoch().count())) !=
        std::string::npos);
  CHECK(applied == scene.after({"plan"}));
}

TEST_CASE("what an apply bound and nobody saw is not called healthy") {
  Measured scene;
  scene.add_trunk("east", "old");
  scene.configure_measured("new", Scene::k_probing);
  CHECK(scene.after({"apply", "-auto-approve"}).find(R"(health="unknown")") != std::string::npos);
  REQUIRE(scene.live("east") == "new");
}
