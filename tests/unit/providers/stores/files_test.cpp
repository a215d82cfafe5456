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

TEST_CASE("a folder where the link should be is told with the command that makes it one") {
  platform::SimulatedFileSystem files;
  stores::FilesStore store(files, "/var/a b", 10);
  const auto pem_of = [](auto request) {
    return testing::make(request, testing::make_family(k_then).intermediate).pem;
  };
  const auto pem = pem_of(testing::leaf_request(k_then));
  const auto refused = [&] {
    const auto current = store.current({});
    REQUIRE_FALSE(current);
    CHECK(current.error().code == ErrorCode::corrupt);
    CHECK(current.error().summary == "'/var/a b/live' is no link");
    CHECK(store.promote({}, "r2", {{}, pem, SecretBuffer::copy_of("key")}, {}).error().code == ErrorCode::corrupt);
    return current.error().hints.front();
  };
  const auto restore = [&](const std::string& chain) {
    REQUIRE(files.create_directories("/var/a b/live"));
    REQUIRE(files.replace("/var/a b/live/chain.pem", chain, 0644));
  };
  SECTION("nothing is known of it") {
    restore("none");
    CHECK(refused() == "put it out of the way: mv '/var/a b/live' '/var/a b/live'.old");
  }
  SECTION("a pair that is in no version") {
    restore(pem);
    REQUIRE(files.replace("/var/a b/live/key.pem", "key", 0600));
    CHECK(refused() ==
          "make what is there a version, and lead the link to it: mkdir -p '/var/a b/versions' && mv '/var/a b/live' "
          "'/var/a b/versions/000001' && ln -s versions/000001 '/var/a b/live'");
  }
  SECTION("a copy of a version") {
    const auto one = store.promote({}, "r1", {{}, pem, SecretBuffer::copy_of("key")}, {});
    REQUIRE(one);
    const auto other = pem_of(testing::leaf_request(k_then + std::chrono::hours(1)));
    REQUIRE(store.promote({}, "r3", {{}, other, SecretBuffer::copy_of("key")}, *one));
    REQUIRE(files.remove("/var/a b/live"));
    restore(pem);
    CHECK(refused() ==
          "put it out of the way, and lead the link to a version: mv '/var/a b/live' '/var/a b/live'.old && ln -s "
          "versions/000001 '/var/a b/live'");
  }
}

TEST_CASE("a version that nothing ever led to goes with what was staged for it") {
  platform::SimulatedFileSystem files;
  stores::FilesStore store(files, "/var/sip", 10);
  const auto pem = testing::make(testing::leaf_request(k_then), testing::make_family(k_then).intermediate).pem;
  const auto staged = [](const std::string& request) {
    return StagedKey{request, k_then, SecretBuffer::copy_of(testing::Key::shared().text())};
  };
  REQUIRE(store.stage({}, staged("r1"), {}));
  // As a run leaves it that is killed before it makes the link.
  REQUIRE(files.create_directories("/var/sip/versions/000001"));
  REQUIRE(files.replace("/var/sip/versions/000001/request", "request: r1\n", 0600));
  REQUIRE(files.replace("/var/sip/versions/000001/key.pem", "key", 0600));
  REQUIRE(files.replace("/var/sip/versions/000001/chain.pem", pem, 0644));
  CHECK_FALSE(store.current({}).value());
  SECTION("taken away") { REQUIRE(store.unstage({}, "r1")); }
  SECTION("replaced") { REQUIRE(store.stage({}, staged("r2"), "r1")); }
  CHECK_FALSE(files.exists("/var/sip/versions/000001").value());
  CHECK_FALSE(store.current({}).value());
  // What is live stays, whoever unstages it again.
  REQUIRE(store.promote({}, "r1", {{}, pem, SecretBuffer::copy_of("key")}, {}));
  REQUIRE(
      store.stage({}, staged("r1"), files.exists("/var/sip/pending.pem").value() ? std::optional("r2") : std::nullopt));
  REQUIRE(store.unstage({}, "r1"));
  CHECK(store.current({}).value()->request == "r1");
}

TEST_CASE("what is kept are pairs, and the way back from the newest among them") {
  platform::SimulatedFileSystem files;
  stores::FilesStore store(files, "/var/sip", 2);
  const auto family = testing::make_family(k_then);
  std::optional<VersionId> live;
  const auto promote = [&](int number) {
    auto request = testing::leaf_request(k_then + std::chrono::hours(number));
    const auto done =
        store.promote({}, std::to_string(number),
                      {{}, testing::make(request, family.intermediate).pem, SecretBuffer::copy_of("key")}, live);
    REQUIRE(done);
    live = *done;
  };
  const auto there = [&] { return files.list("/var/sip/versions").value(); };
  using Names = std::vector<std::string>;
  promote(1);
  CHECK(store.outnumbered({}).value().empty());
  promote(2);
  CHECK(store.outnumbered({}).value() == Names{"version 000001"});
  SECTION("a folder without a key is not one of them") {
    REQUIRE(files.create_directories("/var/sip/versions/000003"));
    REQUIRE(files.replace("/var/sip/versions/000003/chain.pem", "x", 0644));
    CHECK(store.outnumbered({}).value() == Names{"version 000001"});
    promote(4);
    CHECK(there() == Names{"000002", "000003", "000004"});
    promote(5);
    CHECK(there() == Names{"000004", "000005"});
  }
  SECTION("somebody led the link back") {
    REQUIRE(files.replace_link("/var/sip/live", "versions/000001"));
    live = store.current({}).value()->version;
    CHECK(store.outnumbered({}).value() == Names{"version 000002"});
    promote(3);
    CHECK(there() == Names{"000001", "000003"});
  }
}

TEST_CASE("a folder whose number no store makes is neither counted on from nor removed") {
  platform::SimulatedFileSystem files;
  stores::FilesStore store(files, "/var/sip", 2);
  const auto family = testing::make_family(k_then);
  std::optional<VersionId> live;
  const auto promote = [&](int number) {
    const auto request = testing::leaf_request(k_then + std::chrono::hours(number));
    return store.promote({}, std::to_string(number),
                         {{}, testing::make(request, family.intermediate).pem, SecretBuffer::copy_of("key")}, live);
  };
  const auto make = [&](const std::string& name) {
    REQUIRE(files.create_directories("/var/sip/versions/" + name));
    for (const auto* file : {"chain.pem", "key.pem"})
      REQUIRE(files.replace(Path("/var/sip/versions") / name / file, "somebody's", 0600));
  };
  SECTION("past the last, or written otherwise") {
    const std::string name = GENERATE("18446744073709551615", "18446744073709551616", "1000000000000", "7", "000000");
    make(name);
    for (const int number : {1, 2, 3}) {
      const auto done = promote(number);
      REQUIRE(done);
      live = *done;
      CHECK(files.read_link("/var/sip/live").value() == "versions/00000" + std::to_string(number));
      CHECK(store.current({}).value()->version == *done);
    }
    CHECK(files.read("/var/sip/versions/" + name + "/key.pem", 100).value() == "somebody's");
    CHECK_FALSE(files.exists("/var/sip/versions/000001").value());
  }
  SECTION("the last one") {
    make("999999999999");
    const auto before = files.list("/var/sip/versions").value();
    REQUIRE(files.remove("/var/sip/versions/999999999999/key.pem"));
    const auto refused = promote(1);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::corrupt);
    CHECK(refused.error().summary == "there is no number for a version after '/var/sip/versions/999999999999'");
    CHECK(refused.error().hints.front() ==
          "put it out of the way, where `live` does not lead to it: mv /var/sip/versions/999999999999 "
          "/var/sip/versions/999999999999.old");
    CHECK(files.list("/var/sip/versions").value() == before);
  }
}

TEST_CASE("each key of a store is looked at, and none is put where everybody may replace it") {
  platform::SimulatedFileSystem files;
  stores::FilesStore store(files, "/var/sip", 10);
  CHECK(store.may_take_keys());
  const auto pem = testing::make(testing::leaf_request(k_then), testing::make_family(k_then).intermediate).pem;
  REQUIRE(store.promote({}, "r1", {{}, pem, SecretBuffer::copy_of("key")}, {}));
  REQUIRE(store.stage({}, {"r2", k_then, SecretBuffer::copy_of("key")}, {}));
  CHECK(store.exposures().empty());
  REQUIRE(files.replace("/var/sip/versions/000001/key.pem", "key", 0644));
  REQUIRE(files.replace("/var/sip/pending.pem", "key", 0644));
  std::vector<std::string> told;
  for (const auto& one : store.exposures()) told.push_back(one.error.summary);
  CHECK(told == std::vector<std::string>{
                    "everybody on this machine may read the key '/var/sip/pending.pem'",
                    "everybody on this machine may read the key '/var/sip/versions/000001/key.pem'",  // live
                    "everybody on this machine may read the key '/var/sip/versions/000001/key.pem'"});
  CHECK(store.may_take_keys());  // what is written there is closed again
  std::string folder;
  SECTION("where keys wait") { folder = "/var/sip"; }
  SECTION("where pairs are") { folder = "/var/sip/versions"; }
  SECTION("above") { folder = "/var"; }
  files.kernel().set_mode(folder, 0777, 1000);
  const auto refused = store.may_take_keys();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().summary ==
        "everybody on this machine may write to the folder '" + folder + "', where a private key is kept");
  files.kernel().set_mode(folder, 0775, 1000, 1234);  // a group is told, and no more
  CHECK(store.may_take_keys());
}

TEST_CASE("a link in the place of a version is told, and what it leads to stays") {
  platform::SimulatedFileSystem files;
  stores::FilesStore store(files, "/var/sip", 2);
  const auto pem = testing::make(testing::leaf_request(k_then), testing::make_family(k_then).intermediate).pem;
  std::optional<VersionId> before;
  const auto promote = [&](const std::string& request) {
    const auto done = store.promote({}, request, {{}, pem, SecretBuffer::copy_of("key")}, before);
    INFO((done ? std::string() : to_line(done.error())));
    REQUIRE(done);
    before = *done;
  };
  promote("r1");
  REQUIRE(files.create_directories("/srv/victim"));
  for (const auto* name : {"key.pem", "chain.pem"}) REQUIRE(files.replace(Path("/srv/victim") / name, "theirs", 0600));
  REQUIRE(files.replace("/srv/victim/request", "request: r3\n", 0600));
  const auto all = files.list("/srv/victim").value();
  CHECK(store.may_take_keys());
  std::string link = "/var/sip/versions/";
  SECTION("of one that a prune would take") {
    REQUIRE(files.replace_link("/var/sip/versions/000005", "/srv/victim"));
    link += "000005";
    CHECK(store.outnumbered({}).value().empty());
    promote("r2");
    promote("r4");
    CHECK(files.list("/var/sip/versions").value() == std::vector<std::string>{"000002", "000003", "000005"});
  }
  SECTION("of what was half made for a request") {
    REQUIRE(store.stage({}, {"r3", k_then, SecretBuffer::copy_of(testing::Key::shared().text())}, {}));
    REQUIRE(files.replace_link("/var/sip/versions/000009", "/srv/victim"));
    link += "000009";
    REQUIRE(store.unstage({}, "r3"));
    CHECK_FALSE(store.staged({}).value());
  }
  CHECK(files.list("/srv/victim").value() == all);
  const auto refused = store.may_take_keys();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().summary == "'" + link + "' is a symbolic link to /srv/victim");
  CHECK(refused.error().hints.front().ends_with("rm " + link));
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
