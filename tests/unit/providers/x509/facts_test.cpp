#include "schemas/codec/digest.hpp"
#include "tests/unit/providers/x509/samples.hpp"

using namespace trunkform;
using namespace trunkform::x509;
using samples::family;
using samples::k_day;
using samples::k_now;
using samples::must;
using samples::parsed;

TEST_CASE("facts say what is in the certificate") {
  auto request = testing::leaf_request(k_now);
  request.organisation = "Beispiel, GmbH ü";
  request.names = {"sip.example.com", "uri:sip:example.com", "ip:192.0.2.7", "ip:2001:db8::1", "email:a@example.com"};
  request.serial = "00ABCDEF";
  request.extended_key_usage = {"serverAuth", "clientAuth", "1.3.6.1.5.5.7.3.20"};
  const auto issued = testing::make(request, family().intermediate);
  const auto facts = must(parse_der(issued.der)).facts;

  CHECK(facts->fingerprint == sha256(issued.der));
  CHECK(facts->subject == "CN=sip.example.com,O=Beispiel\\, GmbH ü");
  CHECK(facts->common_name == "sip.example.com");
  CHECK(facts->issuer == "CN=Test Intermediate");
  CHECK(facts->serial == "abcdef");
  CHECK(facts->not_before == k_now - 10 * k_day);
  CHECK(facts->not_after == k_now + 80 * k_day);
  const std::vector<AlternativeName> names{{NameKind::dns, "sip.example.com"},
                                           {NameKind::uri, "sip:example.com"},
                                           {NameKind::ip, "192.0.2.7"},
                                           {NameKind::ip, "2001:db8::1"},
                                           {NameKind::email, "a@example.com"}};
  CHECK(facts->names == names);
  CHECK(describe(facts->key) == "ECDSA P-256");
  CHECK(facts->signature_algorithm == "ecdsa-with-SHA256");
  CHECK(facts->signature_digest == "SHA256");
  CHECK(facts->version == 3);
  CHECK_FALSE(facts->is_ca);
  CHECK_FALSE(facts->self_issued);
  CHECK(facts->has_key_usage);
  CHECK(facts->key_usage_digital_signature);
  CHECK_FALSE(facts->key_usage_cert_sign);
  CHECK(facts->extended_key_usage == std::vector<std::string>{"serverAuth", "clientAuth", "1.3.6.1.5.5.7.3.20"});
  CHECK(facts->subject_key_id.size() == 40);
  CHECK(facts->authority_key_id == must(parse_der(family().intermediate.der)).facts->subject_key_id);
}

TEST_CASE("an authority's facts have its limits") {
  const auto facts = must(parse_der(family().intermediate.der)).facts;
  CHECK(facts->is_ca);
  CHECK(facts->path_length == 0);
  CHECK(facts->key_usage_cert_sign);
  CHECK(must(parse_der(family().root.der)).facts->self_issued);
}

TEST_CASE("keys and signatures of every kind are named") {
  const auto facts_with = [](testing::KeyType type) {
    return must(parse_der(
                    testing::make(testing::leaf_request(k_now), family().intermediate, testing::Key::shared(type)).der))
        .facts;
  };
  CHECK(describe(facts_with(testing::KeyType::rsa_2048)->key) == "RSA 2048");
  CHECK(describe(facts_with(testing::KeyType::ec_p384)->key) == "ECDSA P-384");
  CHECK(describe(facts_with(testing::KeyType::ec_p521)->key) == "ECDSA P-521");
  CHECK(describe(facts_with(testing::KeyType::ec_secp256k1)->key) == "ECDSA secp256k1");
  CHECK(describe(facts_with(testing::KeyType::ed25519)->key) == "Ed25519");

  auto request = testing::root_request(k_now);
  request.digest = "SHA1";
  CHECK(must(parse_der(testing::make_root(request).der)).facts->signature_digest == "SHA1");
  request.version = 1;
  CHECK(must(parse_der(testing::make_root(request).der)).facts->version == 1);
  const auto edwards =
      testing::make_root(testing::root_request(k_now), testing::Key::shared(testing::KeyType::ed25519));
  CHECK(must(parse_der(edwards.der)).facts->signature_digest.empty());
}

TEST_CASE("a name with a NUL byte keeps all of its bytes, so that it matches nothing shorter") {
  auto request = testing::leaf_request(k_now);
  request.names = {std::string("sip.example.com\0.evil.example", 29)};
  const auto facts = must(parse_der(testing::make(request, family().intermediate).der)).facts;
  CHECK(facts->names.front().value.size() == 29);
}

TEST_CASE("the identity is the leaf's digest and the digest over all that is sent") {
  const auto identity = identity_of(parsed(family().chain_pem()));
  CHECK(identity.leaf == sha256(family().leaf.der));
  CHECK(identity.chain == sha256(family().leaf.der + family().intermediate.der));
  CHECK(identity_of(parsed(family().leaf.pem)).chain == identity.leaf);
}
