#include "providers/x509/pkcs12_content.hpp"
#include "providers/x509/private_key.hpp"
#include "schemas/codec/base64.hpp"
#include "tests/support/pkcs12_factory.hpp"
#include "tests/unit/providers/x509/samples.hpp"

using namespace trunkform;
using namespace trunkform::x509;
using samples::family;
using samples::must;
using testing::EmptyPassword;
using testing::Pkcs12Cipher;

namespace {

SecretBuffer held(std::string_view text) { return SecretBuffer::copy_of(text); }

std::string sample(const std::string& password = "", Pkcs12Cipher cipher = Pkcs12Cipher::aes_256,
                   EmptyPassword empty = EmptyPassword::text) {
  return testing::make_pkcs12(family().leaf, &family().leaf.key,
                              {password, empty, cipher, {family().root, family().intermediate}});
}

std::size_t certificates(const std::string& pem) { return samples::parsed(pem).size(); }

}  // namespace

TEST_CASE("a chain and its key come out of PKCS #12, new and old, however its empty password is written") {
  const auto cipher = GENERATE(Pkcs12Cipher::aes_256, Pkcs12Cipher::rc2_40);
  const auto empty = GENERATE(EmptyPassword::text, EmptyPassword::none);
  const auto der = sample("", cipher, empty);
  for (const auto& bytes : {der, encode_base64(der)}) {
    const auto content = must(open_pkcs12(held(bytes), SecretBuffer()));
    CHECK(certificates(content.certificates_pem) == 3);
    const auto leaf = must(parse_der(family().leaf.der)).facts;
    const auto key = inspect_key(content.private_key);
    CHECK(key.form == KeyFacts::Form::pkcs8);
    CHECK(matches(key, *leaf));
    CHECK(certificates(must(certificates_in_pkcs12(held(bytes), SecretBuffer()))) == 3);
  }
}

TEST_CASE("a password opens PKCS #12, and another one does not") {
  const auto der = sample("correct horse");
  CHECK(open_pkcs12(held(der), held("correct horse")));
  const auto none = open_pkcs12(held(der), held(""));
  REQUIRE_FALSE(none);
  CHECK(none.error().summary == "the PKCS #12 file has a password, and none is given");
  REQUIRE(none.error().hints.size() == 2);
  CHECK(none.error().hints[0].find("\"passphrase\": { \"env\": ") != std::string::npos);
  CHECK(none.error().hints[1].find("openssl pkcs12 -in FILE -info -noout") != std::string::npos);
  const auto wrong = open_pkcs12(held(der), held("canary-wrong"));
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().summary == "the password does not open the PKCS #12 file");
  REQUIRE(wrong.error().hints.size() == 1);
  CHECK(wrong.error().hints[0].find("openssl pkcs12 -in FILE -info -noout") != std::string::npos);
  CHECK(to_line(wrong.error()).find("canary") == std::string::npos);
}

TEST_CASE("certificates without a key are given without one") {
  const auto der = testing::make_pkcs12(family().leaf, nullptr, {});
  const auto content = must(open_pkcs12(held(der), SecretBuffer()));
  CHECK(content.private_key.empty());
  CHECK(certificates(content.certificates_pem) == 1);
}

TEST_CASE("what is no PKCS #12, or a part of one, is refused without a word of it") {
  const auto der = sample();
  CHECK(is_pkcs12(held(der)));
  CHECK_FALSE(is_pkcs12(held(family().leaf.der)));
  CHECK_FALSE(is_pkcs12(held("")));
  CHECK(open_pkcs12(held("rubbish-canary"), SecretBuffer()).error().summary == "this is no PKCS #12 file");
  const auto pem = open_pkcs12(held(family().leaf.pem + family().leaf.key.text()), SecretBuffer()).error();
  CHECK(pem.summary == "this is PEM, and no PKCS #12 file");
  REQUIRE_FALSE(pem.hints.empty());
  CHECK(pem.hints.front().find("certificate.pem_files") != std::string::npos);
  for (std::size_t size = 0; size < der.size(); size += 7)
    CHECK_FALSE(open_pkcs12(held(der.substr(0, size)), SecretBuffer()));
}

TEST_CASE("old algorithms are for these files alone") {
  REQUIRE(open_pkcs12(held(sample("", Pkcs12Cipher::rc2_40)), SecretBuffer()));
  // The default context did not learn them: what it refused before it refuses now.
  CHECK_FALSE(testing::knows_old_ciphers());
}
