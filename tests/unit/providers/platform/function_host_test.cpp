#include "providers/platform/posix/function_host.hpp"

#include <catch2/catch.hpp>

#include "providers/platform/posix/file_system.hpp"
#include "tests/unit/providers/platform/temporary_folder.hpp"

using trunkform::ErrorCode;
using trunkform::platform::FolderFunctionHost;
using trunkform::platform::PosixFileSystem;
using trunkform::platform::TemporaryFolder;

TEST_CASE("a function reads beneath the folder by relative and by absolute name and remembers the digest once") {
  const TemporaryFolder folder;
  folder.write("roots.pem", "abc");
  PosixFileSystem files;
  FolderFunctionHost host(files, folder.path());
  CHECK(host.read_file("roots.pem").value() == "abc");
  CHECK(host.read_file("./roots.pem").value() == "abc");
  CHECK(host.read_file(host.root() + "/roots.pem").value() == "abc");
  CHECK(host.digests() == std::map<std::string, std::string>{
                              {"roots.pem", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}});
}

TEST_CASE("a function does not read or ask for a file outside the folder") {
  const TemporaryFolder folder;
  PosixFileSystem files;
  FolderFunctionHost host(files, folder.path());
  for (const auto* path : {"/etc/passwd", "../x", "a/../../x"}) {
    INFO(path);
    CHECK(host.read_file(path).error().code == ErrorCode::untrusted);
    CHECK(host.file_exists(path).error().code == ErrorCode::untrusted);
  }
  CHECK_FALSE(host.file_exists("none").value());
  CHECK(host.read_file("none").error().code == ErrorCode::not_found);
  CHECK(host.digests().empty());
}

TEST_CASE("a function does not read what is git's own, under no name and through no link") {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.path() / ".git");
  std::filesystem::create_directories(folder.path() / "inner" / ".git");
  folder.write(".git/config", "a token");
  folder.write("inner/.git/config", "a token");
  folder.write(".gitignore", "build");
  std::filesystem::create_symlink(".git/config", folder.path() / "link");
  std::filesystem::create_directory_symlink(".git", folder.path() / "away");
  PosixFileSystem files;
  FolderFunctionHost host(files, folder.path());
  for (const auto* path :
       {".git/config", "./.git/config", "inner/../.git/config", "inner/.git/config", "link", "away/config"}) {
    INFO(path);
    CHECK(host.read_file(path).error().code == ErrorCode::untrusted);
    CHECK(host.file_exists(path).error().code == ErrorCode::untrusted);
  }
  CHECK(host.read_file(".gitignore").value() == "build");
}
