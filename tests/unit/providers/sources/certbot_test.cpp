#include "tests/unit/providers/sources/folder.hpp"

using namespace trunkform;
using namespace trunkform::sources;
using platform::PosixFileSystem;
using samples::Folder;
using samples::must;
using samples::renewal;

namespace {

constexpr std::string_view k_kinds[] = {"cert", "chain", "fullchain", "privkey"};

void archive(const Folder& folder, int number, const samples::Renewal& pair) {
  const auto name = [&](const std::string& kind) {
    return Path("archive/sip") / (kind + std::to_string(number) + ".pem");
  };
  folder.write(name("cert"), pair.leaf.pem);
  folder.write(name("chain"), pair.chain_pem.substr(pair.leaf.pem.size()));
  folder.write(name("fullchain"), pair.chain_pem);
  folder.write(name("privkey"), pair.leaf.key.text());
}

void point(const Folder& folder, std::string_view kind, int number) {
  const auto file = std::string(kind) + std::to_string(number) + ".pem";
  folder.link(Path("live/sip") / (std::string(kind) + ".pem"), Path("../../archive/sip") / file);
}

void point_all(const Folder& folder, int number) {
  for (const auto kind : k_kinds) point(folder, kind, number);
}

std::unique_ptr<CertificateSource> source_in(const Folder& folder, FileSystem& files) {
  return must(make_source({"certbot", {{"live", "live/sip"}}}, {files, folder.path(), nullptr}));
}

}  // namespace

TEST_CASE("a lineage is described by its number and certificates, and fetched from the archive") {
  const Folder folder;
  PosixFileSystem files;
  const auto first = renewal(0), second = renewal(10);
  archive(folder, 1, first);
  archive(folder, 2, second);
  point_all(folder, 2);
  const auto source = source_in(folder, files);
  CHECK(source->capability() == Capability::sealed);
  const auto described = must(source->describe({}, std::nullopt, std::nullopt));
  CHECK(described.version.value.substr(0, 2) == "2-");
  CHECK(described.certificates_pem == second.chain_pem);

  const auto versions = must(source->versions({}));
  REQUIRE(versions.size() == 2);
  CHECK(versions[0].id == described.version);
  const auto earlier = must(source->fetch({}, versions[1].id));
  CHECK(earlier.certificates_pem == first.chain_pem);
  CHECK(earlier.private_key.view() == first.leaf.key.text());
}

TEST_CASE("a key that somebody put into fullchain.pem is not taken for public text") {
  const Folder folder;
  PosixFileSystem files;
  const auto pair = renewal(0);
  archive(folder, 1, pair);
  folder.write("archive/sip/fullchain1.pem", pair.leaf.key.text() + pair.chain_pem);
  point_all(folder, 1);
  const auto source = source_in(folder, files);
  const auto described = must(source->describe({}, std::nullopt, std::nullopt));
  CHECK(described.certificates_pem == pair.chain_pem);
  CHECK(source->capability() == Capability::opaque);
  const auto fetched = must(source->fetch({}, described.version));
  CHECK(fetched.certificates_pem == pair.chain_pem);
  CHECK(fetched.private_key.view() == pair.leaf.key.text());
  // Nor is it told where there is nothing but the key.
  folder.write("archive/sip/fullchain1.pem", pair.leaf.key.text());
  const auto alone = source->describe({}, std::nullopt, std::nullopt);
  REQUIRE_FALSE(alone);
  CHECK(to_line(alone.error()).find("PRIVATE KEY") == std::string::npos);
}

TEST_CASE("while the links disagree nothing is offered, whichever link has moved") {
  for (const auto moved : k_kinds) {
    const Folder folder;
    PosixFileSystem files;
    archive(folder, 1, renewal(0));
    archive(folder, 2, renewal(10));
    point_all(folder, 1);
    point(folder, moved, 2);
    const auto described = source_in(folder, files)->describe({}, std::nullopt, std::nullopt);
    REQUIRE_FALSE(described);
    CHECK(described.error().code == ErrorCode::unavailable);
    CHECK(described.error().summary.find("certbot is renewing") != std::string::npos);
  }
}

TEST_CASE("while certbot keeps its previous links nothing is offered") {
  const Folder folder;
  PosixFileSystem files;
  archive(folder, 1, renewal(0));
  point_all(folder, 1);
  folder.link("live/sip/previous_privkey.pem", "../../archive/sip/privkey1.pem");
  CHECK(source_in(folder, files)->describe({}, std::nullopt, std::nullopt).error().code == ErrorCode::unavailable);
}

TEST_CASE("a number with a file missing is no version") {
  const Folder folder;
  PosixFileSystem files;
  archive(folder, 1, renewal(0));
  archive(folder, 2, renewal(10));
  point_all(folder, 2);
  std::filesystem::remove(folder.path() / "archive/sip/privkey1.pem");
  CHECK(must(source_in(folder, files)->versions({})).size() == 1);
}

TEST_CASE("ten comes after nine") {
  const Folder folder;
  PosixFileSystem files;
  for (const int number : {2, 9, 10}) archive(folder, number, renewal(number));
  point_all(folder, 10);
  const auto versions = must(source_in(folder, files)->versions({}));
  REQUIRE(versions.size() == 3);
  CHECK(versions[0].id.value.substr(0, 3) == "10-");
  CHECK(versions[2].id.value.substr(0, 2) == "2-");
}

TEST_CASE("an archived version whose certificates were exchanged is a conflict") {
  const Folder folder;
  PosixFileSystem files;
  archive(folder, 1, renewal(0));
  point_all(folder, 1);
  const auto source = source_in(folder, files);
  const auto version = must(source->describe({}, std::nullopt, std::nullopt)).version;
  archive(folder, 1, renewal(3));
  CHECK(source->fetch({}, version).error().code == ErrorCode::conflict);
  CHECK(source->fetch({}, {"7-0123456789abcdef"}).error().code == ErrorCode::conflict);
  CHECK(source->fetch({}, {"nonsense"}).error().code == ErrorCode::conflict);
}

TEST_CASE("a reused key, which certbot keeps as a link, is fetched") {
  const Folder folder;
  PosixFileSystem files;
  const auto first = renewal(0);
  archive(folder, 1, first);
  archive(folder, 2, renewal(10));
  folder.link("archive/sip/privkey2.pem", "privkey1.pem");
  point_all(folder, 2);
  const auto source = source_in(folder, files);
  const auto fetched = must(source->fetch({}, must(source->describe({}, std::nullopt, std::nullopt)).version));
  CHECK(fetched.private_key.view() == first.leaf.key.text());
}

TEST_CASE("plain files in the live folder are refused with the source that reads them") {
  const Folder folder;
  PosixFileSystem files;
  for (const auto kind : k_kinds) folder.write(Path("live/sip") / (std::string(kind) + ".pem"), "x");
  const auto described = source_in(folder, files)->describe({}, std::nullopt, std::nullopt);
  REQUIRE_FALSE(described);
  CHECK(described.error().code == ErrorCode::invalid_input);
  CHECK(described.error().hints.front().find("certificate.pem_files") != std::string::npos);
}

TEST_CASE("a link to something else is refused") {
  const Folder folder;
  PosixFileSystem files;
  archive(folder, 1, renewal(0));
  point_all(folder, 1);
  folder.link("live/sip/cert.pem", "../../archive/sip/cert.pem");
  CHECK(source_in(folder, files)->describe({}, std::nullopt, std::nullopt).error().code == ErrorCode::invalid_input);
  CHECK(must(make_source({"certbot", {{"live", "live/none"}}}, {files, folder.path(), nullptr}))
            ->describe({}, std::nullopt, std::nullopt)
            .error()
            .code == ErrorCode::not_found);
}
