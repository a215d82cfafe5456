#pragma once
// From the certificates that a source has, in any order and with surplus, to the chain that is sent: leaf first, each
// signed by the next (RFC 8446 §4.4.2). The result does not depend on the order of the input, nor on what is known of
// signatures. Thread-safe.
#include <string>

#include "providers/x509/certificates.hpp"
#include "providers/x509/path.hpp"
#include "providers/x509/signatures.hpp"
#include "schemas/model/policy.hpp"

namespace trunkform::x509 {

struct BuiltChain {
  ChainPtr chain;
  Certificates certificates;  ///< the same, with their DER
  Certificates way;           ///< and with the root that is left out, where it was there: its path is to be checked
  BundleFacts bundle;         ///< what was odd about the input
  std::string pem;            ///< as sent
  std::size_t ways = 1;       ///< chains among which this one was chosen; more than one where authorities cross-sign
};

/// What a chain is built for. Everything is borrowed for the call.
struct ChainWish {
  RootHandling root = RootHandling::omit;
  const KeyFacts* key = nullptr;         ///< tells the leaf among several
  Signatures* signatures = nullptr;      ///< saves verifying what it knows, and learns
  const PathQuestion* accept = nullptr;  ///< whom the chain must convince; null: not known
};

/// The leaf is the certificate that issued no other here; among several, the one that is no CA; among several of those,
/// the one with the key where given. An issuer is found by name, key identifiers and signature. Where several chains
/// lead up from the leaf: one that `accept` trusts, of those the one whose path ends latest, of those the one that
/// prefers at each step an issuer that is not self-issued, then the later end (docs/decisions/0122).
/// Error: invalid_input where the leaf cannot be told, naming the candidates.
Result<BuiltChain> build_chain(const Certificates& certificates, const ChainWish& wish);

}  // namespace trunkform::x509
