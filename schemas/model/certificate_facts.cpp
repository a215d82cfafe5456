#include "schemas/model/certificate_facts.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace trunkform {

std::string describe(const PublicKeyFacts& key) {
  switch (key.algorithm) {
    case KeyAlgorithm::rsa:
      return fmt::format("RSA {}", key.bits);
    case KeyAlgorithm::ec:
      return "ECDSA " + key.curve;
    case KeyAlgorithm::ed25519:
      return "Ed25519";
    case KeyAlgorithm::ed448:
      return "Ed448";
    case KeyAlgorithm::dsa:
      return fmt::format("DSA {}", key.bits);
    case KeyAlgorithm::other:
      break;
  }
  return "unknown key type";
}

const CertificateFacts& ChainFacts::leaf() const {
  const auto& first = *certificates.front();
  if (!first.is_ca) return first;
  const auto is_leaf = [](const CertificatePtr& one) { return !one->is_ca; };
  if (std::count_if(certificates.begin(), certificates.end(), is_leaf) != 1) return first;
  return **std::find_if(certificates.begin(), certificates.end(), is_leaf);
}

Instant ChainFacts::least_not_after() const {
  const auto least = std::min_element(certificates.begin(), certificates.end(),
                                      [](const auto& a, const auto& b) { return a->not_after < b->not_after; });
  return (*least)->not_after;
}

bool is_among(const std::set<Fingerprint>& revoked, const ChainFacts& chain) {
  return revoked.contains(chain.identity.leaf) || revoked.contains(chain.leaf().key.spki);
}

}  // namespace trunkform
