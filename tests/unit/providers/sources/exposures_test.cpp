// Which of a key file's rights each source of files tells.
#include <catch2/catch.hpp>

#include "providers/platform/simulated/file_system.hpp"
#include "providers/sources/registry.hpp"

using namespace trunkform;
using Kind = KeyExposure::Kind;

TEST_CASE(
    "each source of files tells who else may read its key or replace it, and of no group that is there for that") {
  platform::SimulatedFileSystem files;
  REQUIRE(files.create_directories("/srv/live"));
  Locator locator;
  std::string key;
  SECTION("pem_files") {
    key = "/srv/live/a.key";
    locator = {"pem_files", {{"chain", "live/a.pem"}, {"private_key", "live/a.key"}}};
  }
  SECTION("pkcs12") {
    key = "/srv/live/a.pfx";
    locator = {"pkcs12", {{"file", "live/a.pfx"}}};
  }
  SECTION("certbot") {
    key = "/srv/live/privkey.pem";
    locator = {"certbot", {{"live", "live"}}};
  }
  REQUIRE(files.replace(key, "key", 0600));
  const auto kinds = [&](std::function<Result<SecretBuffer>()> passphrase = {}) {
    const auto source = sources::make_source(locator, {files, "/srv", std::move(passphrase)});
    REQUIRE(source);
    std::vector<Kind> all;
    for (const auto& one : (*source)->exposures()) all.push_back(one.kind);
    return all;
  };
  CHECK(kinds().empty());
  files.kernel().set_mode(key, 0640, 1000, 1234);
  files.kernel().set_mode("/srv/live", 0775, 1001, 1234);
  CHECK(kinds().empty());
  files.kernel().set_mode("/srv/live", 0777, 1000);
  REQUIRE(files.replace(key, "key", 0644));
  CHECK(kinds() == std::vector{Kind::replaced_by_all, Kind::read_by_all});
  // Who has the file has no key yet.
  if (locator.type != "certbot")
    CHECK(kinds([] { return SecretBuffer::copy_of("x"); }) == std::vector{Kind::replaced_by_all});
}
