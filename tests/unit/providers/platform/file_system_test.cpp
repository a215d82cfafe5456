#include "providers/platform/posix/file_system.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include "tests/unit/providers/platform/temporary_folder.hpp"

using trunkform::ErrorCode;
using trunkform::Path;
using trunkform::platform::PosixFileSystem;
using trunkform::platform::TemporaryFolder;

namespace fs = std::filesystem;

TEST_CASE("a replaced file has the new bytes, the mode asked for and no temporary file beside it") {
  const TemporaryFolder folder;
  PosixFileSystem files;
  REQUIRE(files.replace(folder / "state", "one", 0600));
  REQUIRE(files.replace(folder / "state", "two", 0600));
  CHECK(files.read(folder / "state", 100).value() == "two");
  CHECK(files.list(folder.path()).value() == std::vector<std::string>{"state"});
  CHECK((fs::status(folder / "state").permissions() & fs::perms::mask) ==
        (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("replacing in a folder that is not there is not_found and makes nothing") {
  const TemporaryFolder folder;
  PosixFileSystem files;
  CHECK(files.replace(folder / "none/state", "x", 0600).error().code == ErrorCode::not_found);
  CHECK(files.list(folder.path()).value().empty());
}

TEST_CASE("replacing a symbolic link replaces the link and not what it points to") {
  const TemporaryFolder folder;
  PosixFileSystem files;
  folder.write("target", "kept");
  fs::create_symlink("target", folder / "link");
  REQUIRE(files.replace(folder / "link", "new", 0600));
  CHECK(files.read(folder / "target", 100).value() == "kept");
  CHECK(files.read(folder / "link", 100).value() == "new");
}

TEST_CASE("a file above the limit is invalid_input and one at the limit is read") {
  const TemporaryFolder folder;
  PosixFileSystem files;
  folder.write("five", "12345");
  CHECK(files.read(folder / "five", 5).value() == "12345");
  CHECK(files.read(folder / "five", 4).error().code == ErrorCode::invalid_input);
  CHECK(files.read_secret(folder / "five", 5).value().view() == "12345");
  CHECK(files.read_secret(folder / "five", 4).error().code == ErrorCode::invalid_input);
}

TEST_CASE("a secret is not read from a pipe, a device or a folder") {
  const TemporaryFolder folder;
  PosixFileSystem files;
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(files.read_secret(folder / "pipe", 100).error().code == ErrorCode::invalid_input);
  CHECK(files.read_secret("/dev/zero", 100).error().code == ErrorCode::invalid_input);
  CHECK(files.read_secret(folder.path(), 100).error().code == ErrorCode::invalid_input);
}

TEST_CASE("a path with a NUL byte or none at all never reaches the kernel") {
  PosixFileSystem files;
  CHECK(files.read(Path(std::string("/etc/passwd\0.pem", 16)), 1 << 20).error().code == ErrorCode::invalid_input);
  CHECK(files.read(Path(), 100).error().code == ErrorCode::invalid_input);
}

TEST_CASE("a folder given as a file is an error that says so") {
  const TemporaryFolder folder;
  PosixFileSystem files;
  const auto error = files.read(folder.path(), 100).error();
  CHECK(error.code == ErrorCode::io);
  CHECK(error.summary.find("directory") != std::string::npos);
}

TEST_CASE("reading beneath a folder follows links inside and refuses every way out") {
  const TemporaryFolder folder;
  PosixFileSystem files;
  fs::create_directory(folder / "root");
  folder.write("secret", "outside");
  folder.write("root/roots.pem", "inside");
  fs::create_symlink("roots.pem", folder / "root/good");
  fs::create_symlink("../secret", folder / "root/relative");
  fs::create_symlink(folder / "secret", folder / "root/absolute");
  fs::create_directory_symlink("..", folder / "root/up");
  fs::create_symlink("/proc/self/environ", folder / "root/environ");
  const auto root = folder / "root";
  CHECK(files.read_beneath(root, "roots.pem", 100).value() == "inside");
  CHECK(files.read_beneath(root, "good", 100).value() == "inside");
  for (const auto* way :
       {"../secret", "relative", "absolute", "up/secret", "environ", "/etc/passwd", "../root/roots.pem"}) {
    INFO(way);
    CHECK(files.read_beneath(root, way, 1 << 20).error().code == ErrorCode::untrusted);
  }
  CHECK(files.read_beneath(root, "none", 100).error().code == ErrorCode::not_found);
}

TEST_CASE("the tail of a file is its end with its offset, and all of a short one") {
  const TemporaryFolder folder;
  PosixFileSystem files;
  folder.write("log", "0123456789");
  const auto tail = files.read_tail(folder / "log", 4).value();
  CHECK(tail.offset == 6);
  CHECK(tail.bytes == "6789");
  CHECK(files.read_tail(folder / "log", 100).value().offset == 0);
  CHECK(files.read_tail(folder / "log", 100).value().bytes == "0123456789");
}

TEST_CASE("an append file grows, is cut and tells its size also when opened again") {
  const TemporaryFolder folder;
  PosixFileSystem files;
  {
    auto file = files.open_append(folder / "events", 0600).value();
    REQUIRE(file->append("one\n"));
    REQUIRE(file->append("two\nto"));
    REQUIRE(file->truncate(8));
    CHECK(file->size() == 8);
  }
  auto again = files.open_append(folder / "events", 0600).value();
  CHECK(again->size() == 8);
  REQUIRE(again->append("three\n"));
  CHECK(files.read(folder / "events", 100).value() == "one\ntwo\nthree\n");
}

TEST_CASE("an append file is not opened through a link") {
  const TemporaryFolder folder;
  PosixFileSystem files;
  folder.write("target", "");
  fs::create_symlink("target", folder / "link");
  CHECK_FALSE(files.open_append(folder / "link", 0600));
}

TEST_CASE("folders are made with all that lead to them, and making them again is no error") {
  const TemporaryFolder folder;
  PosixFileSystem files;
  REQUIRE(files.create_directories(folder / "a/b/c"));
  REQUIRE(files.create_directories(folder / "a/b/c"));
  CHECK(fs::is_directory(folder / "a/b/c"));
  folder.write("file", "");
  CHECK_FALSE(files.create_directories(folder / "file/b"));
}

TEST_CASE("removing, links, existence and times tell absence apart from failure") {
  const TemporaryFolder folder;
  PosixFileSystem files;
  folder.write("file", "x");
  fs::create_symlink("file", folder / "link");
  CHECK(files.read_link(folder / "link").value() == "file");
  CHECK(files.read_link(folder / "file").error().code == ErrorCode::invalid_input);
  CHECK(files.read_link(folder / "none").error().code == ErrorCode::not_found);
  CHECK(files.modified(folder / "file").value() > trunkform::Instant(std::chrono::hours(24 * 365 * 50)));
  CHECK(files.exists(folder / "file").value());
  REQUIRE(files.remove(folder / "file"));
  CHECK_FALSE(files.exists(folder / "file").value());
  CHECK_FALSE(files.exists(folder / "file/beneath").value());
  CHECK(files.remove(folder / "file").error().code == ErrorCode::not_found);
}

TEST_CASE("what is removed beneath a folder is removed through no link") {
  const TemporaryFolder folder;
  PosixFileSystem files;
  std::filesystem::create_directories(folder / "victim/inner");
  folder.write("victim/key.pem", "k");
  folder.write("victim/inner/key.pem", "k");
  std::filesystem::create_directories(folder / "store/versions/000001");
  std::filesystem::create_directory_symlink(folder / "victim", folder / "store/versions/000002");
  std::filesystem::create_symlink(folder / "victim/key.pem", folder / "store/versions/000001/key.pem");
  for (const auto* way : {"versions/000002/key.pem", "versions/000002/inner/key.pem", "versions/000001/key.pem/x",
                          "versions/../../victim/key.pem"}) {
    INFO(way);
    const auto refused = files.remove_beneath(folder / "store", way);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::untrusted);
  }
  CHECK(files.remove_beneath(folder / "store", "versions/000001/none").error().code == ErrorCode::not_found);
  CHECK(files.remove_beneath(folder / "store", "none/key.pem").error().code == ErrorCode::not_found);
  CHECK(files.remove_beneath(folder / "store", "versions/000001/key.pem"));  // the link, which leads there
  CHECK(files.remove_beneath(folder / "store", "versions/000002"));
  CHECK(files.remove_beneath(folder / "store", "versions/000001"));
  CHECK(files.list(folder / "store/versions").value().empty());
  CHECK(files.list(folder / "victim").value() == std::vector<std::string>{"inner", "key.pem"});
  CHECK(files.list(folder / "victim/inner").value() == std::vector<std::string>{"key.pem"});
}

TEST_CASE("a file that others may write to is not private and the hint mends it") {
  const TemporaryFolder folder;
  PosixFileSystem files;
  folder.write("trust.json", "{}");
  REQUIRE(::chmod((folder / "trust.json").c_str(), 0600) == 0);
  CHECK(files.check_private(folder / "trust.json"));
  REQUIRE(::chmod((folder / "trust.json").c_str(), 0660) == 0);
  const auto error = files.check_private(folder / "trust.json").error();
  CHECK(error.code == ErrorCode::untrusted);
  CHECK(error.hints.at(0) == "chmod go-w " + (folder / "trust.json").string());
  REQUIRE(::chmod((folder / "trust.json").c_str(), 0600) == 0);
  REQUIRE(::chmod(folder.path().c_str(), 0777) == 0);
  CHECK(files.check_private(folder / "trust.json").error().code == ErrorCode::untrusted);
}

TEST_CASE("a file may be read by its rights, and one that is empty is no key") {
  const TemporaryFolder folder;
  PosixFileSystem files;
  const auto key = folder / "key.pem";
  folder.write("key.pem", "key");
  CHECK(files.check_readable(key));
  folder.write("key.pem", "");
  CHECK(files.check_readable(key).error().code == ErrorCode::invalid_input);
  CHECK(files.check_readable(key).error().summary == "'" + key.string() + "' is empty");
}

TEST_CASE("a path in a command that is printed is one word of it") {
  const TemporaryFolder folder;
  PosixFileSystem files;
  const auto odd = folder / "it's here; rm x";
  fs::create_directory(odd);
  const auto quoted = "'" + (folder / "it'\\''s here; rm x").string();
  CHECK(files.read(odd / "none", 100).error().hints.at(0).ends_with("ls -la " + quoted + "'"));
  std::ofstream(odd / "trust.json") << "{}";
  fs::permissions(odd / "trust.json", fs::perms::group_write, fs::perm_options::add);
  CHECK(files.check_private(odd / "trust.json").error().hints.at(0) == "chmod go-w " + quoted + "/trust.json'");
}
