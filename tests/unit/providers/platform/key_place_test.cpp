// Who else may read a key's file, or put another in its place.
#include <fstream>

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include "providers/platform/posix/file_system.hpp"
#include "providers/platform/simulated/file_system.hpp"
#include "tests/unit/providers/platform/temporary_folder.hpp"

using namespace trunkform;
using Kind = KeyExposure::Kind;

namespace {

constexpr unsigned k_us = 1000, k_another = 1001, k_root = 0;

/// `/srv/keys/live/key.pem`, where `live` is a link to `versions/1`; all of it ours, and closed.
struct World {
  platform::SimulatedFileSystem files;
  World() {
    REQUIRE(files.create_directories("/srv/keys/versions/1"));
    REQUIRE(files.replace("/srv/keys/versions/1/key.pem", "key", 0600));
    REQUIRE(files.replace_link("/srv/keys/live", "versions/1"));
  }
  void set(const char* path, unsigned mode, unsigned owner = k_us, unsigned group = k_us) {
    files.kernel().set_mode(path, mode, owner, group);
  }
  /// Each as `KIND: summary`.
  std::vector<std::pair<Kind, std::string>> found(const char* path = "/srv/keys/live/key.pem") {
    std::vector<std::pair<Kind, std::string>> all;
    for (const auto& one : files.key_exposures(path)) {
      CHECK(one.error.code == ErrorCode::untrusted);
      CHECK_FALSE(one.error.hints.empty());
      all.emplace_back(one.kind, one.error.summary);
    }
    return all;
  }
  std::string hint(const char* path = "/srv/keys/live/key.pem") {
    return files.key_exposures(path).at(0).error.hints.at(0);
  }
};
using Found = std::vector<std::pair<Kind, std::string>>;
const std::string k_key = "/srv/keys/versions/1/key.pem";

}  // namespace

TEST_CASE("nothing is found where a key and the folders on the way to it are ours or root's") {
  World world;
  CHECK(world.found().empty());
  world.set("/srv", 0755, k_root, k_root);
  world.set("/srv/keys", 0700);
  world.set(k_key.c_str(), 0640, k_root, k_another);  // a group is there to read it
  CHECK(world.found().empty());
  CHECK(world.found("/srv/keys/none/key.pem").empty());
  CHECK(world.files.key_exposures("").empty());
}

TEST_CASE("a key that everybody may read is told where they may pass its folders, with what takes all rights away") {
  World world;
  const Found readable{{Kind::read_by_all, "everybody on this machine may read the key '" + k_key + "'"}};
  for (const unsigned mode : {0644U, 0604U, 0664U}) {
    world.set(k_key.c_str(), mode);
    CHECK(world.found() == readable);
    CHECK(world.hint() == "keep others out: chmod 600 " + k_key);
  }
  SECTION("both are said of one that everybody may also write") {
    world.set(k_key.c_str(), 0666);
    CHECK(world.found() ==
          Found{readable.front(),
                {Kind::replaced_by_all, "everybody on this machine may write to the key '" + k_key + "'"}});
  }
  SECTION("any folder on the way keeps them out") {
    const char* closed = "";
    SECTION("far above") { closed = "/srv"; }
    SECTION("where a relative link begins") { closed = "/srv/keys"; }
    SECTION("behind the link") { closed = "/srv/keys/versions/1"; }
    world.set(closed, 0750);
    CHECK(world.found().empty());
  }
}

TEST_CASE("who reaches a key is told by where it is, and not by the folder of a link that leads to it") {
  World world;
  const std::string target = "/open/key.pem";
  REQUIRE(world.files.create_directories("/open"));
  REQUIRE(world.files.create_directories("/srv/closed"));
  REQUIRE(world.files.replace(target, "key", 0666));
  SECTION("an absolute link") { REQUIRE(world.files.replace_link("/srv/closed/way", "/open")); }
  SECTION("a relative one") { REQUIRE(world.files.replace_link("/srv/closed/way", "../../open")); }
  world.set("/srv/closed", 0700);
  CHECK(world.found("/srv/closed/way/key.pem") ==
        Found{{Kind::read_by_all, "everybody on this machine may read the key '" + target + "'"},
              {Kind::replaced_by_all, "everybody on this machine may write to the key '" + target + "'"}});
  world.set("/open", 0750);
  world.set("/srv/closed", 0755);
  CHECK(world.found("/srv/closed/way/key.pem").empty());
}

TEST_CASE("a folder that everybody may write to is told, wherever it is on the way, also before there is a key") {
  World world;
  std::string folder;
  SECTION("far above") { folder = "/srv"; }
  SECTION("where the link is") { folder = "/srv/keys"; }
  SECTION("behind the link") { folder = "/srv/keys/versions"; }
  world.set(folder.c_str(), 0777);
  CHECK(world.found() == Found{{Kind::replaced_by_all, "everybody on this machine may write to the folder '" + folder +
                                                           "', where a private key is kept"}});
  CHECK(world.hint() == "keep others out: chmod go-w " + folder);
  CHECK(world.found("/srv/keys/versions/2/key.pem").size() == 1);
  world.set(folder.c_str(), 0777, k_root, k_root);
  CHECK(world.hint() == "keep others out: sudo chmod go-w " + folder);
}

TEST_CASE("where everybody may only make what is not there yet, what is ours is safe and nothing else is") {
  World world;
  world.set("/srv", 01777, k_root, k_root);
  CHECK(world.found().empty());
  const Found makes{
      {Kind::replaced_by_all, "everybody on this machine may make '/srv/new', where a private key is kept"}};
  CHECK(world.found("/srv/new/key.pem") == makes);
  CHECK(world.hint("/srv/new/key.pem") == "make the folder that you mean first: mkdir -m 700 FOLDER");
  REQUIRE(world.files.create_directories("/srv/new"));
  CHECK(world.found("/srv/new/key.pem").empty());
  world.set("/srv/new", 0700, k_another, k_another);
  CHECK(world.found("/srv/new/key.pem").front() == makes.front());
  REQUIRE(world.files.replace_link("/srv/link", "keys"));
  CHECK(world.found("/srv/link/live/key.pem").front().second ==
        "everybody on this machine may make '/srv/link', where a private key is kept");
}

TEST_CASE("a group is told where others are in it, and an owner where it is somebody else") {
  World world;
  SECTION("a user's own group is the user, as umask 002 has it") {
    world.set("/srv/keys", 02775);
    world.set(k_key.c_str(), 0660);
    CHECK(world.found().empty());
  }
  SECTION("root's is root") {
    world.set("/srv", 0775, k_root, k_root);
    CHECK(world.found().empty());
  }
  SECTION("another one") {
    world.set("/srv/keys", 0775, k_us, k_another);
    world.set(k_key.c_str(), 0660, k_us, k_another);
    CHECK(world.found() == Found{{Kind::replaced_by_some,
                                  "the group 1001 may write to the folder '/srv/keys', where a private key is kept"},
                                 {Kind::replaced_by_some, "the group 1001 may write to the key '" + k_key + "'"}});
    CHECK(world.hint() == "where it need not: chmod g-w /srv/keys");
  }
  SECTION("an owner") {
    world.set("/srv/keys", 0755, k_another);
    world.set(k_key.c_str(), 0600, k_another);
    CHECK(world.found() == Found{{Kind::replaced_by_some,
                                  "the folder '/srv/keys', where a private key is kept, belongs to another user"},
                                 {Kind::replaced_by_some, "the key '" + k_key + "' belongs to another user"}});
  }
}

TEST_CASE("links that lead in a circle end") {
  World world;
  REQUIRE(world.files.replace_link("/srv/a", "b"));
  REQUIRE(world.files.replace_link("/srv/b", "a"));
  CHECK(world.found("/srv/a/key.pem").empty());
}

TEST_CASE("the running kernel is asked the same, also through a folder above and a link") {
  const platform::TemporaryFolder folder;
  platform::PosixFileSystem files;
  std::filesystem::create_directories(folder / "real/deep");
  std::filesystem::create_directory_symlink("real", folder / "link");
  std::ofstream(folder / "real/key.pem") << "key";
  REQUIRE(::chmod((folder / "real").c_str(), 0777) == 0);
  const auto found = files.key_exposures(folder / "link/deep/../key.pem");
  REQUIRE_FALSE(found.empty());
  CHECK(found.front().error.summary == "everybody on this machine may write to the folder '" +
                                           (folder / "real").string() + "', where a private key is kept");
  CHECK(platform::posix_system_calls().is_private_group(0, 0));
  CHECK_FALSE(platform::posix_system_calls().is_private_group(0, 1));
  CHECK_FALSE(platform::posix_system_calls().is_private_group(4294967294U, 0));
  CHECK(platform::posix_system_calls().group_name(4294967294U) == "4294967294");
  CHECK(platform::posix_system_calls().group_name(0) == "root");
}
