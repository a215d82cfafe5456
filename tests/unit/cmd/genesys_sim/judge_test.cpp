#include "cmd/genesys_sim/judge.hpp"

#include <catch2/catch.hpp>

#include "providers/x509/certificates.hpp"
#include "tests/support/certificate_factory.hpp"

using namespace trunkform;
using namespace trunkform::sim;
namespace factory = trunkform::testing;
using factory::KeyForm;

namespace {
const Instant k_now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24);

std::optional<Refusal> verdict(const std::string& chain, const std::string& key, Instant now = k_now,
                               x509::TrustStorePtr trust = nullptr) {
  return X509Judge(std::move(trust)).judge(chain, key, now).refusal;
}
}  // namespace

TEST_CASE("a complete chain with its unencrypted PKCS#8 key is taken, with and without its root") {
  const auto family = factory::make_family(k_now);
  const auto key = family.leaf.key.text();
  const auto judgement = X509Judge().judge(family.chain_pem(), key, k_now);
  CHECK_FALSE(judgement.refusal.has_value());
  const auto parsed = x509::parse_certificates(family.chain_pem());
  REQUIRE(parsed);
  CHECK(judgement.identity == x509::identity_of(*parsed));
  CHECK(judgement.not_after == parsed->front().facts->not_after);
  CHECK_FALSE(judgement.ends_in_root);
  const auto with_root = X509Judge().judge(family.chain_pem() + family.root.pem, key, k_now);
  CHECK_FALSE(with_root.refusal.has_value());
  CHECK(with_root.ends_in_root);
}

TEST_CASE("encrypted, foreign, traditional, DER and broken keys are invalid key formats") {
  const auto family = factory::make_family(k_now);
  const auto chain = family.chain_pem();
  for (const auto& key :
       {family.leaf.key.text(KeyForm::encrypted_pkcs8, "x"), family.leaf.key.text(KeyForm::encrypted_traditional, "x"),
        family.leaf.key.text(KeyForm::traditional), family.leaf.key.text(KeyForm::der_pkcs8),
        factory::Key::make().text(), std::string("rubbish"), std::string()})
    CHECK(verdict(chain, key) == Refusal::invalid_key_format);
}

TEST_CASE("a missing, misplaced or wrongly signed intermediate makes a chain incomplete") {
  const auto family = factory::make_family(k_now);
  const auto key = family.leaf.key.text();
  CHECK(verdict(family.leaf.pem, key) == Refusal::chain_incomplete);
  CHECK(verdict(family.leaf.pem + family.root.pem, key) == Refusal::chain_incomplete);
  CHECK(verdict(family.leaf.pem + family.root.pem + family.intermediate.pem, key) == Refusal::chain_incomplete);
  CHECK(verdict(factory::with_broken_signature(family.leaf).pem + family.intermediate.pem, key) ==
        Refusal::chain_incomplete);
}

TEST_CASE("a leaf alone is complete when it signed itself, or when a root of the trust store signed it") {
  const auto root = factory::make_root(factory::root_request(k_now));
  const auto leaf = factory::make(factory::leaf_request(k_now), root);
  const auto trust = x509::TrustStore::from_pem(root.pem);
  REQUIRE(trust);
  CHECK(verdict(leaf.pem, leaf.key.text()) == Refusal::chain_incomplete);
  CHECK(verdict(leaf.pem, leaf.key.text(), k_now, *trust) == std::nullopt);
  const auto self_signed = factory::make_root(factory::leaf_request(k_now));
  CHECK(verdict(self_signed.pem, self_signed.key.text()) == std::nullopt);
}

TEST_CASE("with a trust store a chain must lead to it") {
  const auto family = factory::make_family(k_now), other = factory::make_family(k_now);
  const auto trust = x509::TrustStore::from_pem(family.root.pem);
  REQUIRE(trust);
  CHECK(verdict(family.chain_pem(), family.leaf.key.text(), k_now, *trust) == std::nullopt);
  CHECK(verdict(other.chain_pem(), other.leaf.key.text(), k_now, *trust) == Refusal::chain_incomplete);
}

TEST_CASE("a chain is expired from its end on, an intermediate's end included") {
  const auto family = factory::make_family(k_now);
  const auto key = family.leaf.key.text();
  const auto end = X509Judge().judge(family.chain_pem(), key, k_now).not_after;
  CHECK(verdict(family.chain_pem(), key, end - std::chrono::seconds(1)) == std::nullopt);
  CHECK(verdict(family.chain_pem(), key, end) == Refusal::expired);
  auto request = factory::intermediate_request(k_now);
  request.not_after = k_now - std::chrono::hours(1);
  const auto intermediate = factory::make(request, family.root);
  const auto leaf = factory::make(factory::leaf_request(k_now), intermediate);
  CHECK(verdict(leaf.pem + intermediate.pem, leaf.key.text()) == Refusal::expired);
}

TEST_CASE("text without a certificate is none, and has no identity") {
  const auto judgement = X509Judge().judge("nothing", factory::Key::make().text(), k_now);
  CHECK(judgement.refusal == Refusal::not_a_certificate);
  CHECK(judgement.identity == Identity{});
}
