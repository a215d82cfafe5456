#include "tests/unit/providers/sources/folder.hpp"

using namespace trunkform;
using namespace trunkform::sources;
using platform::PosixFileSystem;

namespace {

Error refused(const Locator& locator) {
  PosixFileSystem files;
  const auto made = make_source(locator, {files, "/", nullptr});
  REQUIRE_FALSE(made);
  CHECK(made.error().code == ErrorCode::invalid_input);
  return made.error();
}

}  // namespace

TEST_CASE("an unknown source or argument is refused with what was probably meant") {
  CHECK(refused({"pem_file", {}}).hints.front() == "did you mean `pem_files`?");
  CHECK(refused({"zzz", {}}).hints.front() ==
        "known are: pem_files, certbot, pkcs12, vault_kv, azure_keyvault_secret, azure_keyvault_certificate, "
        "kubernetes_secret, aws_secretsmanager, acm");
  CHECK(refused({"certbot", {{"life", "x"}}}).hints.front() == "did you mean `live`?");
}

TEST_CASE("a missing argument is named") {
  CHECK(refused({"pem_files", {{"chain", "a"}}}).summary == "certificate.pem_files needs the argument `private_key`");
  CHECK(refused({"certbot", {{"live", ""}}}).summary == "certificate.certbot needs the argument `live`");
}

TEST_CASE("every source is listed with its arguments") {
  const auto types = source_types();
  REQUIRE(types.size() == 9);
  CHECK(types[0].type == "pem_files");
  CHECK(types[0].optional == std::vector<std::string>{"passphrase", "versions"});
}

TEST_CASE("what is shown to everybody is not where the key is, however it is written") {
  for (const auto* path : {"sip/a", "/sip/a", "sip/a/"})
    CHECK(refused({"vault_kv", {{"path", "/sip/a/"}, {"public_path", path}}}).summary ==
          "public_path of certificate.vault_kv is where it reads a private key");
}
