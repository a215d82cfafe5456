#include "providers/x509/chain.hpp"

#include <algorithm>
#include <random>

#include "providers/x509/path.hpp"
#include "providers/x509/private_key.hpp"
#include "providers/x509/trust_store.hpp"
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
  return must(build_chain(parsed(pem), {.root = root}));
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

namespace {

/// One leaf below an intermediate that two authorities signed: the shape of every change of roots.
struct CrossSigned {
  testing::Issued old_root, new_root, by_old, by_new, leaf;
  std::string pem() const { return leaf.pem + by_old.pem + by_new.pem; }
};

/// `by_old` ends later, so that it is preferred where nothing else tells.
CrossSigned cross_signed() {
  auto request = testing::root_request(k_now);
  request.common_name = "Old Root";
  const auto old_root = testing::make_root(request);
  request.common_name = "New Root";
  const auto new_root = testing::make_root(request);
  auto intermediate = testing::intermediate_request(k_now);
  const auto by_old = testing::make(intermediate, old_root);
  intermediate.not_after -= k_day;
  const auto by_new = testing::make(intermediate, new_root, by_old.key);
  return {old_root, new_root, by_old, by_new, testing::make(testing::leaf_request(k_now), by_old)};
}

BuiltChain built_for(const std::string& pem, const std::string& roots, Instant at = k_now) {
  PathQuestion question;
  question.at = at;
  question.trust = must(TrustStore::from_pem(roots));
  return must(build_chain(parsed(pem), {.accept = &question}));
}

}  // namespace

TEST_CASE("of two cross-signed intermediates the one that the trust store takes is sent") {
  const auto made = cross_signed();
  const auto for_old = built_for(made.pem(), made.old_root.pem), for_new = built_for(made.pem(), made.new_root.pem);
  CHECK(for_old.pem == made.leaf.pem + made.by_old.pem);
  CHECK(for_new.pem == made.leaf.pem + made.by_new.pem);
  CHECK(for_new.ways == 2);
  // The other one is surplus, and no sign of a gap.
  CHECK(for_new.bundle.unused.size() == 1);
  CHECK_FALSE(for_new.bundle.has_gap);
  CHECK(for_new.bundle.in_order);
  // Nobody is known who would take either: the preferred one, with its own fault told.
  CHECK(built(made.pem()).pem == for_old.pem);
  CHECK(built_for(made.pem(), family().root.pem).pem == for_old.pem);
}

TEST_CASE("where two chains are trusted the one that ends later is sent, then the preferred one") {
  const auto made = cross_signed();
  const auto both = made.old_root.pem + made.new_root.pem;
  // The leaf ends first either way.
  CHECK(built_for(made.pem(), both).pem == made.leaf.pem + made.by_old.pem);
  auto short_lived = testing::intermediate_request(k_now);
  short_lived.not_after = k_now + 5 * k_day;
  const auto ends_soon = testing::make(short_lived, made.old_root, made.by_old.key);
  const auto pem = made.leaf.pem + ends_soon.pem + made.by_new.pem;
  CHECK(built_for(pem, both).pem == made.leaf.pem + made.by_new.pem);
  CHECK(built_for(pem, made.old_root.pem).pem == made.leaf.pem + ends_soon.pem);
}

TEST_CASE("the way that is trusted may part from the preferred one two steps up") {
  const auto made = cross_signed();
  auto request = testing::root_request(k_now);
  request.common_name = "Older Root";
  const auto older = testing::make_root(request);
  auto cross = testing::root_request(k_now);
  cross.common_name = "Old Root";
  const auto old_by_older = testing::make(cross, older, made.old_root.key);
  // Old Root is there as a cross-sign only, so the preferred way leads to Older Root; New Root is what is trusted.
  const auto pem = made.by_new.pem + old_by_older.pem + made.by_old.pem + made.leaf.pem;
  CHECK(built(pem).pem == made.leaf.pem + made.by_old.pem + old_by_older.pem);
  CHECK(built_for(pem, older.pem).pem == made.leaf.pem + made.by_old.pem + old_by_older.pem);
  CHECK(built_for(pem, made.new_root.pem).pem == made.leaf.pem + made.by_new.pem);
}

TEST_CASE("a mesh of cross-signs is not walked to its end") {
  std::vector<testing::Issued> roots;
  std::string pem;
  for (int i = 0; i < 7; ++i) {
    auto request = testing::root_request(k_now);
    request.common_name = "Mesh " + std::to_string(i);
    roots.push_back(testing::make_root(request));
  }
  for (const auto& child : roots)
    for (const auto& issuer : roots) {
      if (&child == &issuer) continue;
      auto request = testing::root_request(k_now);
      request.common_name = "Mesh " + std::to_string(&child - roots.data());
      pem += testing::make(request, issuer, child.key).pem;
    }
  const auto leaf = testing::make(testing::leaf_request(k_now), roots.front());
  CHECK(built_for(leaf.pem + pem, roots.front().pem).ways == 128);
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
  const auto refused = build_chain(certificates, {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().summary == "2 certificates could be the leaf, and nothing tells which is meant");
  CHECK(refused.error().detail.find("CN=sip.example.com (serial ") != std::string::npos);

  const auto key = inspect_key(SecretBuffer::copy_of(renewed.key.text()));
  const auto chain = must(build_chain(certificates, {.key = &key}));
  CHECK(chain.chain->leaf().fingerprint == must(parse_der(renewed.der)).facts->fingerprint);
  CHECK_FALSE(chain.bundle.leaf_first);
}

TEST_CASE("a self-signed certificate alone is a chain of one") {
  const auto chain = built(family().root.pem);
  CHECK(common_names(chain) == Names{"Test Root"});
}

TEST_CASE("nothing is an error") { CHECK_FALSE(build_chain({}, {})); }
