#pragma once
// The ways that lead up from a leaf through a set of certificates. Inside this room only. Cross-signed authorities make
// several: which of them a carrier takes, only its trust store tells (chain.hpp).
#include <vector>

#include "providers/x509/certificates.hpp"
#include "providers/x509/path/step.hpp"
#include "providers/x509/signatures.hpp"

namespace trunkform::x509::detail {

/// One certificate of the set, borrowed, with what was read of it.
struct Node {
  const Certificate* certificate = nullptr;
  Step step;

  const CertificateFacts& facts() const { return *certificate->facts; }
};

using Nodes = std::vector<Node>;

/// A set by fingerprint, in the fingerprints' order: from here on the order of the input is forgotten. Borrows.
Nodes nodes_of(const Certificates& certificates);

/// Names and key identifiers (RFC 5280 §4.2.1.1). A missing keyCertSign is the path check's to refuse.
bool names_as_issuer(const Node& issuer, const Node& child);
/// Self-issued, and its own key identifier where it names one. Its signature is not looked at.
bool is_root(const Node& node);

/// A way as far as it leads: each is signed by the next, the leaf is the first.
struct Way {
  std::vector<const Node*> path;
  bool bad_signature = false;  ///< it ends where an issuer of the right name did not sign
};

/// More are not looked at: a mesh of cross-signs has more ways than anybody can try.
inline constexpr std::size_t k_most_ways = 128;

/// All ways up from `leaf`, which is one of `nodes`, at least one and `k_most_ways` at most; no certificate twice in
/// one. At each step an issuer that is not self-issued comes before one that is (a cross-sign reaches more trust
/// stores), then the later end: the first way is the one to take where nothing else tells. `signatures` saves verifying
/// what it knows, and learns; may be null.
std::vector<Way> ways_from(const Node& leaf, const Nodes& nodes, Signatures* signatures);

}  // namespace trunkform::x509::detail
