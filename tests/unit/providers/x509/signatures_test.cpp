#include "providers/x509/signatures.hpp"

#include "providers/x509/chain.hpp"
#include "providers/x509/path.hpp"
#include "tests/unit/providers/x509/samples.hpp"

using namespace trunkform;
using namespace trunkform::x509;
using samples::family;
using samples::k_now;
using samples::must;
using samples::parsed;

namespace {

Fingerprint whole_print_of(const testing::Issued& issued) { return parsed(issued.pem).front().facts->fingerprint; }

PathQuestion trusting(const std::string& roots) {
  PathQuestion one;
  one.at = k_now;
  one.trust = must(TrustStore::from_pem(roots));
  return one;
}

}  // namespace

TEST_CASE("a trusted path teaches who signed whom, and nothing else") {
  Signatures signatures;
  CHECK(check_path(parsed(family().chain_pem()), trusting(family().root.pem), &signatures).path.trusted);
  const auto leaf = whole_print_of(family().leaf), intermediate = whole_print_of(family().intermediate),
             root = whole_print_of(family().root);
  CHECK(signatures.knows(intermediate, leaf));
  CHECK(signatures.knows(root, intermediate));
  CHECK_FALSE(signatures.knows(leaf, intermediate));
  CHECK_FALSE(signatures.knows(root, leaf));
}

TEST_CASE("a path that is not trusted teaches what verified, and never who is an authority") {
  Signatures signatures;
  const auto stranger = testing::make_family(k_now);
  CHECK_FALSE(check_path(parsed(family().chain_pem()), trusting(stranger.root.pem), &signatures).path.trusted);
  CHECK_FALSE(signatures.knows(whole_print_of(stranger.root), whole_print_of(family().intermediate)));

  // That a leaf's key did sign is true, and makes no path.
  const auto below = testing::make(testing::leaf_request(k_now, "below.example.com"), family().leaf);
  for (int round = 0; round < 2; ++round) {
    const auto chain = parsed(below.pem + family().chain_pem());
    CHECK_FALSE(check_path(chain, trusting(family().root.pem), &signatures).path.trusted);
  }
  CHECK(signatures.knows(whole_print_of(family().leaf), whole_print_of(below)));
}

TEST_CASE("what is known of a signature is not verified again") {
  Signatures signatures;
  const auto broken = testing::with_broken_signature(family().leaf);
  const auto chain = parsed(broken.pem + family().intermediate.pem);
  CHECK_FALSE(check_path(chain, trusting(family().root.pem), &signatures).path.trusted);
  signatures.remember(whole_print_of(family().intermediate), whole_print_of(broken));
  CHECK(check_path(chain, trusting(family().root.pem), &signatures).path.trusted);
}

TEST_CASE("a chain is the same with what is known of signatures, and a wrong signature is never known") {
  Signatures signatures;
  for (int round = 0; round < 2; ++round) {
    const auto good = must(build_chain(parsed(family().chain_pem()), {.signatures = &signatures}));
    CHECK(good.pem == family().chain_pem());
    CHECK_FALSE(good.bundle.bad_signature);
  }
  CHECK(signatures.knows(whole_print_of(family().intermediate), whole_print_of(family().leaf)));

  // An authority of the same name and key identifier, with another key.
  auto impostor = testing::make(testing::intermediate_request(k_now), family().root);
  const auto pem = family().leaf.pem + impostor.pem;
  const auto plain = must(build_chain(parsed(pem), {}));
  for (int round = 0; round < 2; ++round) {
    const auto remembered = must(build_chain(parsed(pem), {.signatures = &signatures}));
    CHECK(remembered.pem == plain.pem);
    CHECK(remembered.bundle.bad_signature == plain.bundle.bad_signature);
  }
  CHECK_FALSE(signatures.knows(whole_print_of(impostor), whole_print_of(family().leaf)));
}
