#include "tests/support/pkcs12_factory.hpp"
#include "tests/unit/providers/sources/folder.hpp"

using namespace trunkform;
using namespace trunkform::sources;
using platform::PosixFileSystem;
using samples::Folder;
using samples::must;

namespace {

/// A `.pfx` as an authority hands it out.
std::string pfx(const samples::Renewal& renewal, bool with_key = true) {
  testing::Pkcs12Request request;
  request.password = "correct horse";
  return testing::make_pkcs12(renewal.leaf, with_key ? &renewal.leaf.key : nullptr, request);
}

struct Scene {
  Folder folder;
  PosixFileSystem files;
  std::string password = "correct horse";
  std::unique_ptr<CertificateSource> source =
      must(make_source({"pkcs12", {{"file", "a.pfx"}, {"passphrase", "env:P"}, {"versions", "archive/*/"}}},
                       {files, folder.path(), [this] { return SecretBuffer::copy_of(password); }}));

  Result<Described> described() const { return source->describe({}, std::nullopt, std::nullopt); }
};

}  // namespace

TEST_CASE("a PKCS #12 file is described by its certificates and fetched with its key") {
  Scene scene;
  const auto renewal = samples::renewal(0);
  scene.folder.write("a.pfx", pfx(renewal));
  CHECK(scene.source->capability() == Capability::opaque);
  const auto described = must(scene.described());
  CHECK(described.certificates_pem == renewal.leaf.pem);
  CHECK(described.since);
  const auto fetched = must(scene.source->fetch({}, described.version));
  CHECK(fetched.certificates_pem == renewal.leaf.pem);
  CHECK(fetched.private_key.view().starts_with("-----BEGIN PRIVATE KEY-----"));
  CHECK(fetched.passphrase.empty());
}

TEST_CASE("the same certificates under another encryption are the same version") {
  Scene scene;
  const auto renewal = samples::renewal(0);
  scene.folder.write("a.pfx", pfx(renewal));
  const auto version = must(scene.described()).version;
  testing::Pkcs12Request old;
  old.password = "correct horse";
  old.cipher = testing::Pkcs12Cipher::rc2_40;
  scene.folder.write("a.pfx", testing::make_pkcs12(renewal.leaf, &renewal.leaf.key, old));
  CHECK(must(scene.described()).version == version);
}

TEST_CASE("earlier files are versions to go back to, and a file that was replaced is a conflict") {
  Scene scene;
  const auto first = samples::renewal(0), second = samples::renewal(1);
  scene.folder.write("a.pfx", pfx(first));
  const auto version = must(scene.described()).version;
  scene.folder.write("a.pfx", pfx(second));
  const auto gone = scene.source->fetch({}, version);
  REQUIRE_FALSE(gone);
  CHECK(gone.error().code == ErrorCode::conflict);
  scene.folder.write("archive/1/a.pfx", pfx(first));
  scene.folder.write("archive/2/a.pfx", "torn");
  const auto versions = must(scene.source->versions({}));
  REQUIRE(versions.size() == 2);
  CHECK(versions[0].id == must(scene.described()).version);
  CHECK(versions[1].id == version);
  CHECK(must(scene.source->fetch({}, version)).certificates_pem == first.leaf.pem);
  CHECK(must(scene.source->describe({}, version, std::nullopt)).certificates_pem == first.leaf.pem);
}

TEST_CASE("a wrong password, a damaged file and one without a key are told with the file's name") {
  Scene scene;
  const auto renewal = samples::renewal(0);
  scene.folder.write("a.pfx", pfx(renewal));
  scene.password = "wrong";
  const auto refused = scene.described();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::invalid_input);
  CHECK(refused.error().summary.find("a.pfx") != std::string::npos);
  CHECK(to_line(refused.error()).find("wrong") == std::string::npos);
  scene.password = "correct horse";
  scene.folder.write("a.pfx", pfx(renewal, false));
  const auto keyless = scene.source->fetch({}, must(scene.described()).version);
  REQUIRE_FALSE(keyless);
  CHECK(keyless.error().summary.find("no private key") != std::string::npos);
  scene.folder.write("a.pfx", pfx(renewal).substr(0, 300));
  CHECK_FALSE(scene.described());
}
