#include "providers/x509/chain.hpp"

#include <algorithm>
#include <random>

#include "providers/x509/private_key.hpp"
#include "tests/unit/providers/x509/samples.hpp"

using namespace trunkform;
using namespace trunkform::x509;
using samples::family;
using samples::k_day;
using samples::k_now;
using samples::must;
using samples::parsed;

namespace {

BuiltChain built(const std::string& pem, RootHandling root = RootHandling::omit) {
  return must(build_chain(parsed(pem), root));
}

std::vector<std::string> common_names(const BuiltChain& chain) {
  std::vector<std::string> names;
  for (const auto& facts : chain.chain->certificates) names.push_back(facts->common_name);
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("any order with any surplus gives the same chain") {
  const auto stranger = testing::make_family(k_now, "unrelated.example.com");
  std::vector<std::string> blocks{family().leaf.pem, family().intermediate.pem, family().root.pem,
                                  stranger.root.pem, stranger.intermediate.pem, family().intermediate.pem};
  std::mt19937 random(20261124);
  for (int round = 0; round < 60; ++round) {
    std::shuffle(blocks.begin(), blocks.end(), random);
    std::string pem;
    for (const auto& block : blocks) pem += block;
    // The stranger's intermediate issued nobody here either; it is no leaf, because it is an authority.
    const auto chain = built(pem);
    CHECK(chain.pem == family().chain_pem());
    CHECK(chain.bundle.unused.size() == 2);
    CHECK(chain.bundle.ends_in_root);
    CHECK(chain.bundle.leaf_first == (blocks.front() == family().leaf.pem));
  }
}

TEST_CASE("the root is left out or kept as the carrier wants it") {
  const auto all = family().chain_pem() + family().root.pem;
  CHECK(common_names(built(all)) == Names{"sip.example.com", "Test Intermediate"});
  CHECK(common_names(built(all, RootHandling::include)) == Names{"sip.example.com", "Test Intermediate", "Test Root"});
  CHECK_FALSE(built(family().chain_pem(), RootHandling::include).bundle.ends_in_root);
}

TEST_CASE("a good bundle is called in order, without gap or surplus") {
  const auto bundle = built(family().chain_pem()).bundle;
  CHECK(bundle.leaf_first);
  CHECK(bundle.in_order);
  CHECK_FALSE(bundle.has_gap);
  CHECK_FALSE(bundle.bad_signature);
  CHECK(bundle.unused.empty());
}

TEST_CASE("a missing intermediate is a gap") {
  const auto chain = built(family().leaf.pem + family().root.pem);
  CHECK(chain.bundle.has_gap);
  CHECK(common_names(chain) == Names{"sip.example.com"});
}

TEST_CASE("a gap further up is a gap too") {
  auto request = testing::intermediate_request(k_now);
  request.common_name = "Lower Intermediate";
  const auto upper = testing::make(
      [] {
        auto one = testing::intermediate_request(k_now);
        one.path_length = 1;
        return one;
      }(),
      family().root);
  const auto lower = testing::make(request, upper);
  const auto leaf = testing::make(testing::leaf_request(k_now), lower);
  const auto chain = built(leaf.pem + lower.pem + family().root.pem);
  CHECK(chain.bundle.has_gap);
  CHECK_FALSE(built(leaf.pem + lower.pem).bundle.has_gap);  // nobody can know without a trust store
}

TEST_CASE("an unrelated authority beside a complete chain is surplus and no gap") {
  const auto stranger = testing::make_family(k_now);
  CHECK_FALSE(built(family().chain_pem() + family().root.pem + stranger.root.pem).bundle.has_gap);
}

TEST_CASE("an intermediate of the right name that did not sign is a bad signature") {
  // Same name and the same key identifier, but another key: what a forged or mixed-up bundle looks like.
  auto request = testing::intermediate_request(k_now);
  request.subject_key_id = false;
  const auto impostor = testing::make(request, family().root);
  const auto chain = built(family().leaf.pem + impostor.pem);
  CHECK(chain.bundle.bad_signature);
  CHECK(common_names(chain) == Names{"sip.example.com"});
  CHECK(built(testing::with_broken_signature(family().leaf).pem + family().intermediate.pem).bundle.bad_signature);
}

TEST_CASE("of two intermediates with one name the one that signed is taken") {
  auto request = testing::intermediate_request(k_now);
  request.subject_key_id = false;
  const auto impostor = testing::make(request, family().root);
  const auto chain = built(impostor.pem + family().intermediate.pem + family().leaf.pem);
  CHECK(chain.pem == family().chain_pem());
  CHECK_FALSE(chain.bundle.bad_signature);
}

TEST_CASE("a cross-signed root is preferred to the self-signed one, and then the later end") {
  auto old_request = testing::root_request(k_now);
  old_request.common_name = "Old Root";
  const auto old_root = testing::make_root(old_request);
  auto cross_request = testing::root_request(k_now);
  cross_request.not_after = k_now + 400 * k_day;
  const auto cross = testing::make(cross_request, old_root, family().root.key);
  const auto chain = built(family().root.pem + cross.pem + family().chain_pem(), RootHandling::include);
  CHECK(common_names(chain) == Names{"sip.example.com", "Test Intermediate", "Test Root"});
  CHECK(chain.chain->certificates.back()->issuer == "CN=Old Root");
}

TEST_CASE("authorities that cross-sign each other do not make an endless walk") {
  auto a = testing::root_request(k_now), b = testing::root_request(k_now);
  a.common_name = "A";
  b.common_name = "B";
  const auto root_a = testing::make_root(a), root_b = testing::make_root(b);
  const auto a_by_b = testing::make(a, root_b, root_a.key), b_by_a = testing::make(b, root_a, root_b.key);
  const auto leaf = testing::make(testing::leaf_request(k_now), root_a);
  CHECK(common_names(built(b_by_a.pem + a_by_b.pem + leaf.pem)) == Names{"sip.example.com", "A", "B"});
}

TEST_CASE("two leaves are refused by name, unless the key tells") {
  const auto renewed = testing::make(testing::leaf_request(k_now), family().intermediate);
  const auto certificates = parsed(family().leaf.pem + renewed.pem + family().intermediate.pem);
  const auto refused = build_chain(certificates, RootHandling::omit);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().summary == "2 certificates could be the leaf, and nothing tells which is meant");
  CHECK(refused.error().detail.find("CN=sip.example.com (serial ") != std::string::npos);

  const auto key = inspect_key(SecretBuffer::copy_of(renewed.key.text()));
  const auto chain = must(build_chain(certificates, RootHandling::omit, &key));
  CHECK(chain.chain->leaf().fingerprint == must(parse_der(renewed.der)).facts->fingerprint);
  CHECK_FALSE(chain.bundle.leaf_first);
}

TEST_CASE("a self-signed certificate alone is a chain of one") {
  const auto chain = built(family().root.pem);
  CHECK(common_names(chain) == Names{"Test Root"});
}

TEST_CASE("nothing is an error") { CHECK_FALSE(build_chain({}, RootHandling::omit)); }
