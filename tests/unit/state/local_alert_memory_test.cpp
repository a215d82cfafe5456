#include "state/backends/local/local_alert_memory.hpp"

#include <catch2/catch.hpp>

#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/file_system.hpp"
#include "providers/platform/simulated/random.hpp"
#include "schemas/codec/alert_codec.hpp"

using namespace trunkform;

namespace {

OpenAlert open_alert(const std::string& target, const std::string& key, AlertKind kind = AlertKind::failed) {
  return {target, key, kind, AlertProblem::change, AlertSeverity::error, "t.a[\"x\"]", "Größe", Instant(), Instant()};
}

struct Folder {
  platform::SimulatedFileSystem files;
  platform::SimulatedClock clock{Instant()};
  state::LocalPaths paths = state::paths_of("/state", "default");
  platform::SeededRandom random{1};
  std::shared_ptr<state::Seal> seal = std::make_shared<state::Seal>(nullptr, random, "default");
  state::LocalAlertMemory memory{files, clock, paths, seal};
};

}  // namespace

TEST_CASE("what was told is there in the next run, once for each target and key") {
  Folder folder;
  CHECK(folder.memory.open({})->empty());
  REQUIRE(folder.memory.remember({}, open_alert("hook", "k1")));
  REQUIRE(folder.memory.remember({}, open_alert("mail", "k1")));
  REQUIRE(folder.memory.remember({}, open_alert("hook", "k1", AlertKind::rolled_back)));
  state::LocalAlertMemory next(folder.files, folder.clock, folder.paths, folder.seal);
  const auto open = next.open({}).value();
  REQUIRE(open.size() == 2);
  CHECK(open[0].kind == AlertKind::rolled_back);
  CHECK(open[0].trunk == "Größe");
  REQUIRE(next.forget({}, "hook", "k1"));
  REQUIRE(next.forget({}, "hook", "k1"));
  CHECK(folder.memory.open({})->size() == 1);
}

TEST_CASE("a damaged memory is said when it is read, and written anew by the next alert") {
  Folder folder;
  REQUIRE(folder.files.create_directories("/state"));
  REQUIRE(folder.files.replace(folder.paths.alerts, "{\"format\":1,\"open\":[{\"target\":7}]}\n", 0600));
  CHECK(folder.memory.open({}).error().code == ErrorCode::corrupt);
  REQUIRE(folder.memory.remember({}, open_alert("hook", "k1")));
  CHECK(folder.memory.open({})->size() == 1);
}

TEST_CASE("a newer format is said, with the version that reads it") {
  CHECK(decode_open_alerts("{\"format\":2,\"open\":[]}").error().code == ErrorCode::unsupported);
  CHECK(decode_open_alerts("{\"format\":1,\"open\":[{\"target\":\"a\",\"dedup_key\":\"b\",\"kind\":\"nonsense\"}]}")
            .error()
            .code == ErrorCode::corrupt);
}
