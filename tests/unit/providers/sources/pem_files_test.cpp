#include "providers/sources/pem_files/source.hpp"
#include "tests/unit/providers/sources/folder.hpp"

using namespace trunkform;
using namespace trunkform::sources;
using platform::PosixFileSystem;
using samples::Folder;
using samples::must;
using samples::renewal;

namespace {

std::unique_ptr<CertificateSource> pem_source_in(const Folder& folder, FileSystem& files,
                                                 std::map<std::string, std::string> arguments = {
                                                     {"chain", "a.pem"}, {"private_key", "a.key"}}) {
  return must(make_source({"pem_files", std::move(arguments)}, {files, folder.path(), nullptr}));
}

}  // namespace

TEST_CASE("two files are described without the key and fetched with it") {
  const Folder folder;
  PosixFileSystem files;
  const auto pair = renewal(0);
  folder.write("a.pem", pair.chain_pem);
  const auto source = pem_source_in(folder, files);
  CHECK(source->capability() == Capability::sealed);

  const auto described = must(source->describe({}, std::nullopt, std::nullopt));  // the key file is not even there
  CHECK(described.certificates_pem == pair.chain_pem);
  CHECK(described.version.value.size() == 64);
  CHECK(described.since.has_value());

  folder.write("a.key", pair.leaf.key.text());
  const auto fetched = must(source->fetch({}, described.version));
  CHECK(fetched.certificates_pem == pair.chain_pem);
  CHECK(fetched.private_key.view() == pair.leaf.key.text());
  CHECK(fetched.passphrase.empty());
}

TEST_CASE("the version is that of the certificates, not of the text around them") {
  const Folder folder;
  PosixFileSystem files;
  const auto pair = renewal(0);
  folder.write("a.pem", pair.chain_pem);
  const auto source = pem_source_in(folder, files);
  const auto before = must(source->describe({}, std::nullopt, std::nullopt)).version;
  folder.write("a.pem", "# a comment\r\n" + pair.chain_pem);
  CHECK(must(source->describe({}, std::nullopt, std::nullopt)).version == before);
  folder.write("a.pem", renewal(1).chain_pem);
  CHECK(must(source->describe({}, std::nullopt, std::nullopt)).version != before);
}

TEST_CASE("a pair that changed since it was described is a conflict") {
  const Folder folder;
  PosixFileSystem files;
  const auto first = renewal(0), second = renewal(1);
  folder.write("a.pem", first.chain_pem);
  folder.write("a.key", first.leaf.key.text());
  const auto source = pem_source_in(folder, files);
  const auto version = must(source->describe({}, std::nullopt, std::nullopt)).version;
  folder.write("a.pem", second.chain_pem);
  const auto fetched = source->fetch({}, version);
  REQUIRE_FALSE(fetched);
  CHECK(fetched.error().code == ErrorCode::conflict);
}

TEST_CASE("a chain that is replaced while the key is read is a conflict") {
  const Folder folder;
  PosixFileSystem files;
  const auto first = renewal(0), second = renewal(1);
  folder.write("a.pem", first.chain_pem);
  folder.write("a.key", first.leaf.key.text());
  // The passphrase is asked for after the key was read: the moment at which a renewal comes in between.
  const auto renewing = [&]() -> Result<SecretBuffer> {
    folder.write("a.pem", second.chain_pem);
    return SecretBuffer();
  };
  const auto source = must(
      make_source({"pem_files", {{"chain", "a.pem"}, {"private_key", "a.key"}}}, {files, folder.path(), renewing}));
  const auto fetched = source->fetch({}, must(source->describe({}, std::nullopt, std::nullopt)).version);
  REQUIRE_FALSE(fetched);
  CHECK(fetched.error().code == ErrorCode::conflict);
}

TEST_CASE("chain and key in one file are opaque, and only certificates come out of describe") {
  const Folder folder;
  PosixFileSystem files;
  const auto pair = renewal(0);
  folder.write("all.pem", pair.leaf.key.text() + pair.chain_pem);
  const auto source = pem_source_in(folder, files, {{"chain", "all.pem"}, {"private_key", "./all.pem"}});
  CHECK(source->capability() == Capability::opaque);
  const auto described = must(source->describe({}, std::nullopt, std::nullopt));
  CHECK(described.certificates_pem == pair.chain_pem);
  const auto fetched = must(source->fetch({}, described.version));
  CHECK(std::string(fetched.private_key.view()) + "\n" == pair.leaf.key.text());
}

namespace {

/// Refuses to hand anything out as plain text.
class SecretsOnly final : public FileSystem {
 public:
  Result<std::string> read(const Path& path, std::uint64_t) override {
    FAIL("read into memory that nobody wipes: " + path.string());
    return std::string();
  }
  Result<SecretBuffer> read_secret(const Path& path, std::uint64_t limit) override {
    return m_files.read_secret(path, limit);
  }
  Result<std::string> read_beneath(const Path& root, const Path& relative, std::uint64_t) override {
    return read(root / relative, 0);
  }
  Result<> replace(const Path&, std::string_view, unsigned) override { return nothing_of_the_kind(); }
  Result<> create_directories(const Path&) override { return nothing_of_the_kind(); }
  Result<> remove(const Path&) override { return nothing_of_the_kind(); }
  Result<bool> exists(const Path& path) override { return m_files.exists(path); }
  Result<std::vector<std::string>> list(const Path& folder) override { return m_files.list(folder); }
  Result<Path> read_link(const Path& path) override { return m_files.read_link(path); }
  Result<Instant> modified(const Path& path) override { return m_files.modified(path); }
  Result<> check_private(const Path&) override { return nothing_of_the_kind(); }
  Result<std::unique_ptr<FileLock>> lock(const Path&) override { return nothing_of_the_kind(); }
  Result<std::unique_ptr<AppendFile>> open_append(const Path&, unsigned) override { return nothing_of_the_kind(); }

 private:
  PosixFileSystem m_files;
  static Error nothing_of_the_kind() { return {ErrorCode::unsupported, "a source only reads"}; }
};

}  // namespace

TEST_CASE("a key in the chain's file is read as a secret and makes the source opaque, wherever the other key is") {
  const Folder folder;
  SecretsOnly files;
  const auto pair = renewal(0);
  folder.write("a.pem", pair.chain_pem + pair.leaf.key.text());
  folder.write("a.key", pair.leaf.key.text(testing::KeyForm::der_pkcs8));
  const auto source = pem_source_in(folder, files);
  const auto described = must(source->describe({}, std::nullopt, std::nullopt));
  CHECK(described.certificates_pem == pair.chain_pem);
  CHECK(source->capability() == Capability::opaque);
  const auto fetched = must(source->fetch({}, described.version));
  CHECK(fetched.certificates_pem == pair.chain_pem);
  CHECK(fetched.private_key.view() == pair.leaf.key.text(testing::KeyForm::der_pkcs8));
  // Once it is gone the next look says so.
  folder.write("a.pem", pair.chain_pem);
  must(source->describe({}, std::nullopt, std::nullopt));
  CHECK(source->capability() == Capability::sealed);
}

TEST_CASE("chain and key that are exchanged are told, and the key stays out of the words") {
  const Folder folder;
  SecretsOnly files;
  const auto pair = renewal(0);
  folder.write("a.key", pair.chain_pem);
  for (const auto form : {testing::KeyForm::pkcs8, testing::KeyForm::der_pkcs8}) {
    folder.write("a.pem", pair.leaf.key.text(form));
    const auto described = pem_source_in(folder, files)->describe({}, std::nullopt, std::nullopt);
    REQUIRE_FALSE(described);
    CHECK(described.error().summary.find("holds a private key, and there is no certificate") != std::string::npos);
    CHECK(described.error().hints.back() == "see whether `chain` and `private_key` are exchanged");
  }
}

TEST_CASE("a certificate in DER is no key: it is read as the one it is") {
  const Folder folder;
  SecretsOnly files;
  const auto pair = renewal(0);
  folder.write("a.pem", pair.leaf.der);
  const auto source = pem_source_in(folder, files);
  CHECK(must(source->describe({}, std::nullopt, std::nullopt)).certificates_pem == pair.leaf.pem);
  CHECK(source->capability() == Capability::sealed);
}

TEST_CASE("earlier pairs in folders are versions, newest first, and can be fetched and pinned") {
  const Folder folder;
  PosixFileSystem files;
  const auto now = renewal(20), before = renewal(10), oldest = renewal(0);
  folder.write("live/a.pem", now.chain_pem);
  folder.write("live/a.key", now.leaf.key.text());
  folder.write("archive/1/a.pem", oldest.chain_pem);
  folder.write("archive/1/a.key", oldest.leaf.key.text());
  folder.write("archive/2/a.pem", before.chain_pem);
  folder.write("archive/2/a.key", before.leaf.key.text());
  folder.write("archive/3/a.pem", now.chain_pem);  // the current one, archived already
  folder.write("archive/3/a.key", now.leaf.key.text());
  folder.write("archive/half/a.pem", renewal(5).chain_pem);  // no key: no way back
  folder.write("archive/broken/a.pem", std::string(3U << 20, 'x'));
  folder.write("archive/broken/a.key", "x");
  const auto source = pem_source_in(
      folder, files, {{"chain", "live/a.pem"}, {"private_key", "live/a.key"}, {"versions", "archive/*/"}});

  const auto versions = must(source->versions({}));
  REQUIRE(versions.size() == 3);
  CHECK(must(source->fetch({}, versions[0].id)).certificates_pem == now.chain_pem);
  CHECK(must(source->fetch({}, versions[1].id)).certificates_pem == before.chain_pem);
  CHECK(must(source->fetch({}, versions[2].id)).private_key.view() == oldest.leaf.key.text());
  CHECK(must(source->describe({}, versions[1].id, std::nullopt)).certificates_pem == before.chain_pem);
}

TEST_CASE("a missing archive is no error, a missing chain is one") {
  const Folder folder;
  PosixFileSystem files;
  const auto source =
      pem_source_in(folder, files, {{"chain", "a.pem"}, {"private_key", "a.key"}, {"versions", "none/*"}});
  CHECK(source->describe({}, std::nullopt, std::nullopt).error().code == ErrorCode::not_found);
  CHECK(must(source->versions({})).empty());
}

TEST_CASE("text that is no PEM is handed on, so that the rules can say what is wrong") {
  const Folder folder;
  PosixFileSystem files;
  folder.write("a.pem", "rubbish");
  const auto described = must(pem_source_in(folder, files)->describe({}, std::nullopt, std::nullopt));
  CHECK(described.certificates_pem == "rubbish");
  CHECK(described.version.value.size() == 64);
}

TEST_CASE("the passphrase comes with the key") {
  const Folder folder;
  PosixFileSystem files;
  const auto pair = renewal(0);
  folder.write("a.pem", pair.chain_pem);
  folder.write("a.key", pair.leaf.key.text(testing::KeyForm::encrypted_pkcs8, "word"));
  const auto source =
      must(make_source({"pem_files", {{"chain", "a.pem"}, {"private_key", "a.key"}}},
                       {files, folder.path(), [] { return Result<SecretBuffer>(SecretBuffer::copy_of("word")); }}));
  const auto fetched = must(source->fetch({}, must(source->describe({}, std::nullopt, std::nullopt)).version));
  CHECK(fetched.passphrase.view() == "word");
}
