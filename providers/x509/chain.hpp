#pragma once
// From the certificates that a source has, in any order and with surplus, to the chain that is sent: leaf first, each
// signed by the next (RFC 8446 §4.4.2). The result does not depend on the order of the input, nor on what is known of
// signatures. Thread-safe.
#include <string>

#include "providers/x509/certificates.hpp"
#include "providers/x509/signatures.hpp"
#include "schemas/model/policy.hpp"

namespace trunkform::x509 {

struct BuiltChain {
  ChainPtr chain;
  Certificates certificates;  ///< the same, with their DER
  BundleFacts bundle;         ///< what was odd about the input
  std::string pem;            ///< as sent
};

/// The leaf is the certificate that issued no other here; among several, the one that is no CA; among several of those,
/// the one with the key `key` where given. An issuer is found by name, key identifiers and signature; of several that
/// fit, one that is not self-issued is preferred (a cross-sign reaches more trust stores), then the latest end.
/// Error: invalid_input where the leaf cannot be told, naming the candidates. `signatures`
/// saves verifying what it knows, and learns; may be null.
Result<BuiltChain> build_chain(const Certificates& certificates, RootHandling root, const KeyFacts* key = nullptr,
                               Signatures* signatures = nullptr);

}  // namespace trunkform::x509
