// Keys, signing requests, certificates of an authority at hand, and the signatures of logins: made here, and judged by
// OpenSSL itself.
#include <memory>

#include <catch2/catch.hpp>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "providers/x509/authority.hpp"
#include "providers/x509/jws.hpp"
#include "providers/x509/new_key.hpp"
#include "providers/x509/private_key.hpp"
#include "providers/x509/signing_request.hpp"
#include "tests/support/certificate_factory.hpp"

using namespace trunkform;
using namespace std::chrono_literals;

namespace {

using KeyKind = trunkform::KeyType;

const Instant k_moment = *parse_rfc3339("2026-06-01T12:00:00Z");

struct Free {
  void operator()(X509_REQ* request) const { X509_REQ_free(request); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};
template <class T>
using Own = std::unique_ptr<T, Free>;

Own<EVP_PKEY> native(const SecretBuffer& pem) {
  const Own<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Own<EVP_PKEY>(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

Own<X509_REQ> request_of(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  return Own<X509_REQ>(d2i_X509_REQ(nullptr, &at, static_cast<long>(der.size())));
}

std::vector<std::pair<int, std::string>> names_of(X509_REQ* request) {
  auto* extensions = X509_REQ_get_extensions(request);
  const Own<GENERAL_NAMES> names(
      static_cast<GENERAL_NAMES*>(X509V3_get_d2i(extensions, NID_subject_alt_name, nullptr, nullptr)));
  sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
  std::vector<std::pair<int, std::string>> found;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int type = 0;
    auto* value = static_cast<ASN1_STRING*>(GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type));
    found.emplace_back(type, std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                                         static_cast<std::size_t>(ASN1_STRING_length(value))));
  }
  return found;
}

}  // namespace

TEST_CASE("a key that is made is of its type, unencrypted PKCS #8, and never the same") {
  for (const auto type : {KeyKind::ecdsa_p256, KeyKind::ecdsa_p384, KeyKind::rsa_2048, KeyKind::rsa_3072}) {
    const auto key = x509::make_key(type);
    REQUIRE(key);
    const auto facts = x509::inspect_key(*key);
    CHECK(facts.form == KeyFacts::Form::pkcs8);
    CHECK(is_of_type(facts.public_key, type));
    CHECK_FALSE(is_of_type(facts.public_key, KeyKind::rsa_4096));
  }
  const auto one = x509::make_key(KeyKind::ecdsa_p256), other = x509::make_key(KeyKind::ecdsa_p256);
  CHECK(x509::inspect_key(*one).public_key.spki != x509::inspect_key(*other).public_key.spki);
}

TEST_CASE("a signing request names what was asked for, each by its kind, and is signed with its key") {
  const auto key = x509::make_key(KeyKind::ecdsa_p384);
  const auto der = x509::make_signing_request(
      *key, {"sip:example.com", "sip.example.com", "*.example.com", "192.0.2.10", "2001:db8::1"});
  REQUIRE(der);
  const auto request = request_of(*der);
  REQUIRE(request);
  CHECK(X509_REQ_verify(request.get(), native(*key).get()) == 1);
  const std::vector<std::pair<int, std::string>> expected{
      {GEN_URI, "sip:example.com"},
      {GEN_DNS, "sip.example.com"},
      {GEN_DNS, "*.example.com"},
      {GEN_IPADD, std::string("\xC0\x00\x02\x0A", 4)},
      {GEN_IPADD, std::string("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", 16)}};
  CHECK(names_of(request.get()) == expected);
  char name[64];
  REQUIRE(X509_NAME_get_text_by_NID(X509_REQ_get_subject_name(request.get()), NID_commonName, name, sizeof name) > 0);
  CHECK(std::string(name) == "sip.example.com");
  CHECK(X509_REQ_get_signature_nid(request.get()) == NID_ecdsa_with_SHA384);
}

TEST_CASE("a name that is none of its kind is refused by name") {
  const auto key = x509::make_key(KeyKind::ecdsa_p256);
  for (const auto* name : {"under_score.example.com", "a b", "", "sip:", "http://192.0.2.1/", "x..y"}) {
    const auto der = x509::make_signing_request(*key, {"sip.example.com", name});
    INFO(name);
    REQUIRE_FALSE(der);
    CHECK(der.error().code == ErrorCode::invalid_input);
    CHECK(der.error().summary.find(std::string("\"") + name + "\"") != std::string::npos);
    CHECK_FALSE(der.error().hints.empty());
  }
  CHECK_FALSE(x509::make_signing_request(*key, {}));
}

TEST_CASE("an authority at hand signs leaves that lead to it") {
  const auto family = testing::make_family(k_moment);
  const auto authority = x509::parse_certificates(family.intermediate.pem).value().front();
  const auto authority_key = SecretBuffer::copy_of(family.intermediate.key.text());
  const auto key = x509::make_key(KeyKind::ecdsa_p256);
  x509::SigningTerms terms{x509::make_signing_request(*key, {"sip.example.com"}).value(),
                           {"sip.example.com", "sip:example.com"},
                           "4102",
                           k_moment - 5min,
                           k_moment + 24h};
  const auto leaf = x509::sign_certificate(authority, authority_key, terms);
  REQUIRE(leaf);
  const auto& facts = *leaf->facts;
  CHECK(x509::matches(x509::inspect_key(*key), facts));
  CHECK(facts.issuer == authority.facts->subject);
  CHECK(facts.authority_key_id == authority.facts->subject_key_id);
  CHECK(facts.serial == "4102");
  CHECK(facts.not_before == k_moment - 5min);
  CHECK(facts.not_after == k_moment + 24h);
  CHECK_FALSE(facts.is_ca);
  CHECK(facts.extended_key_usage == std::vector<std::string>{"serverAuth", "clientAuth"});
  CHECK(facts.names ==
        std::vector<AlternativeName>{{NameKind::dns, "sip.example.com"}, {NameKind::uri, "sip:example.com"}});

  SECTION("not with another's key") {
    CHECK_FALSE(x509::sign_certificate(authority, SecretBuffer::copy_of(family.leaf.key.text()), terms));
  }
  SECTION("not by who is no authority") {
    const auto no_authority = x509::parse_certificates(family.leaf.pem).value().front();
    const auto refused = x509::sign_certificate(no_authority, SecretBuffer::copy_of(family.leaf.key.text()), terms);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().summary.find("none of an authority") != std::string::npos);
  }
  SECTION("not a request that was changed on the way") {
    terms.csr_der[terms.csr_der.size() - 5] ^= 1;
    CHECK_FALSE(x509::sign_certificate(authority, authority_key, terms));
  }
}

TEST_CASE("a login is signed as RFC 7518 has it") {
  for (const auto& [type, algorithm, size] :
       {std::tuple{KeyKind::ecdsa_p256, "ES256", 64}, std::tuple{KeyKind::ecdsa_p384, "ES384", 96},
        std::tuple{KeyKind::rsa_2048, "RS256", 256}}) {
    const auto pem = x509::make_key(type);
    const auto key = x509::jws_key_of(*pem);
    REQUIRE(key);
    CHECK(key->algorithm == algorithm);
    const std::string message = "eyJhbGciOiJFUzI1NiJ9.e30";
    auto signature = x509::sign_jws(*pem, message);
    REQUIRE(signature);
    CHECK(signature->size() == static_cast<std::size_t>(size));
    std::string der = *signature;
    if (type != KeyKind::rsa_2048) {
      const auto half = static_cast<int>(signature->size() / 2);
      const auto* bytes = reinterpret_cast<const unsigned char*>(signature->data());
      const Own<ECDSA_SIG> parts(ECDSA_SIG_new());
      ECDSA_SIG_set0(parts.get(), BN_bin2bn(bytes, half, nullptr), BN_bin2bn(bytes + half, half, nullptr));
      unsigned char* out = nullptr;
      const int length = i2d_ECDSA_SIG(parts.get(), &out);
      der.assign(reinterpret_cast<char*>(out), static_cast<std::size_t>(length));
      OPENSSL_free(out);
    }
    const auto verifies = [&](const std::string& text) {
      const auto own = native(*pem);
      const Own<EVP_MD_CTX> context(EVP_MD_CTX_new());
      const auto* digest = type == KeyKind::ecdsa_p384 ? EVP_sha384() : EVP_sha256();
      REQUIRE(EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, own.get()) == 1);
      return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(der.data()), der.size(),
                              reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
    };
    CHECK(verifies(message));
    CHECK_FALSE(verifies(message + "x"));
  }
}

TEST_CASE("the public key of a login has its required members in order") {
  // The key of RFC 7517 §A.2, as PKCS #8; its public half is that of §A.1.
  const auto pem = SecretBuffer::copy_of(testing::Key::shared(trunkform::testing::KeyType::ec_p256).text());
  const auto jwk = x509::jws_key_of(pem).value().jwk;
  CHECK(jwk.starts_with(R"({"crv":"P-256","kty":"EC","x":")"));
  CHECK(jwk.size() == std::string(R"({"crv":"P-256","kty":"EC","x":"","y":""})").size() + 2 * 43);
  const auto rsa = x509::jws_key_of(*x509::make_key(KeyKind::rsa_2048)).value().jwk;
  CHECK(rsa.starts_with(R"({"e":"AQAB","kty":"RSA","n":")"));
  CHECK_FALSE(x509::jws_key_of(SecretBuffer::copy_of(testing::Key::make(trunkform::testing::KeyType::ed25519).text())));
}
