#include <fmt/format.h>

#include "planner/rules/checks.hpp"

namespace trunkform::rules::checks {
namespace {

/// Null where it follows itself.
const CertificateFacts* predecessor(const RuleInput& input) {
  return input.previous->fingerprint == input.chain->leaf().fingerprint ? nullptr : input.previous;
}

}  // namespace

Outcome ecdsa_after_rsa(const RuleInput& input) {
  const auto* previous = predecessor(input);
  const auto& leaf = input.chain->leaf();
  if (previous == nullptr || !policy_of(input).key_types.empty()) return std::nullopt;
  if (previous->key.algorithm != KeyAlgorithm::rsa || leaf.key.algorithm != KeyAlgorithm::ec) return std::nullopt;
  return Broken{
      fmt::format("the key changes from {} to {}: a carrier with RSA cipher suites only cannot use it",
                  describe(previous->key), describe(leaf.key)),
      fmt::format("ask the carrier, then set key_types on it: [\"rsa\"] to refuse this, [\"rsa\", \"{}\"] to allow it",
                  key_type_word(leaf.key))};
}

Outcome key_reused(const RuleInput& input) {
  const auto* previous = predecessor(input);
  if (previous == nullptr || previous->key.spki != input.chain->leaf().key.spki) return std::nullopt;
  return Broken{fmt::format("it has the key of the certificate before it (serial {})", previous->serial),
                "make a new key at each renewal, so that a lost key dies with its certificate"};
}

Outcome new_issuer(const RuleInput& input) {
  const auto* previous = predecessor(input);
  if (previous == nullptr || previous->issuer == input.chain->leaf().issuer) return std::nullopt;
  return Broken{fmt::format("the issuer changes from '{}' to '{}'", previous->issuer, input.chain->leaf().issuer),
                "be sure that the carrier trusts the new issuer; list both in issuers on the carrier"};
}

}  // namespace trunkform::rules::checks
