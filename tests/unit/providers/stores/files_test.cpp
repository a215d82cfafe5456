// What is the folder's alone: a checkout that it lies in, and whether it may be written to.
#include <catch2/catch.hpp>

#include "providers/platform/simulated/file_system.hpp"
#include "providers/stores/files/store.hpp"
#include "tests/support/certificate_factory.hpp"

using namespace trunkform;

namespace {

const Instant k_then = *parse_rfc3339("2026-11-27T20:00:00Z");

void stage(FileSystem& files, const Path& folder) {
  stores::FilesStore store(files, folder, 10);
  const auto staged =
      store.stage({}, {"r1", k_then, SecretBuffer::copy_of(testing::Key::shared().text())}, std::nullopt);
  INFO((staged ? std::string() : to_line(staged.error())));
  REQUIRE(staged);
}

}  // namespace

TEST_CASE("a key within a git work tree is ignored by git from the first on") {
  platform::SimulatedFileSystem files;
  REQUIRE(files.create_directories("/checkout/.git"));
  stage(files, "/checkout/ops/sip");
  CHECK(files.read("/checkout/ops/sip/.gitignore", 100).value() == "*\n");

  REQUIRE(files.create_directories("/checkout/kept"));
  REQUIRE(files.replace("/checkout/kept/.gitignore", "live\n", 0644));
  stage(files, "/checkout/kept");
  CHECK(files.read("/checkout/kept/.gitignore", 100).value() == "live\n");

  stage(files, "/var/sip");
  CHECK_FALSE(files.exists("/var/sip/.gitignore").value());
}

TEST_CASE("a store whose link is gone is not empty") {
  platform::SimulatedFileSystem files;
  stores::FilesStore store(files, "/var/sip", 10);
  const auto pem = testing::make(testing::leaf_request(k_then), testing::make_family(k_then).intermediate).pem;
  CHECK_FALSE(store.current({}).value());
  const auto promote = [&](const std::string& request, const std::optional<VersionId>& before) {
    return store.promote({}, request, {{}, pem, SecretBuffer::copy_of("key")}, before);
  };
  const auto first = promote("one", {});
  REQUIRE(first);
  REQUIRE(files.remove("/var/sip/live"));
  const auto current = store.current({});
  REQUIRE_FALSE(current);
  CHECK(current.error().code == ErrorCode::corrupt);
  CHECK(current.error().hints.front() == "lead it to the newest: ln -sfn versions/000001 /var/sip/live");
  CHECK(promote("two", {}).error().code == ErrorCode::corrupt);
  CHECK(promote("two", *first).error().code == ErrorCode::corrupt);
  SECTION("led back, it is there again") {
    REQUIRE(files.replace_link("/var/sip/live", "versions/000001"));
    CHECK(store.current({}).value()->version == *first);
  }
  SECTION("a version without its key is none") {
    REQUIRE(files.remove("/var/sip/versions/000001/key.pem"));
    CHECK_FALSE(store.current({}).value());
  }
  SECTION("a run that died before it made the first link is gone on with") {
    REQUIRE(store.stage({}, {"one", k_then, SecretBuffer::copy_of(testing::Key::shared().text())}, {}));
    CHECK_FALSE(store.current({}).value());
    CHECK(promote("one", {}));
    CHECK(store.current({}).value()->request == "one");
  }
}

TEST_CASE("a checkup says whether the folder may be written to, and makes nothing") {
  platform::SimulatedFileSystem files;
  REQUIRE(files.create_directories("/var"));
  REQUIRE(files.replace("/var/file", "x", 0600));
  const auto line = [&](const Path& folder) {
    const auto checkup = stores::FilesStore(files, folder, 10).examine({});
    REQUIRE(checkup.lines.size() == 1);
    return std::pair(checkup.lines.front().condition, checkup.lines.front().message);
  };
  CHECK(line("/var/a/b") ==
        std::pair(Condition::good, std::string("the folder is made by the first apply, in '/var'")));
  CHECK_FALSE(files.exists("/var/a").value());
  CHECK(line("/var") == std::pair(Condition::good, std::string("the folder may be written to")));
  CHECK(line("/var/file/sip").first == Condition::bad);
}
