#pragma once
// What can be said about a certificate without judging it. Stated by providers/x509, judged by planner/rules.
// Immutable once built and shared by fingerprint: a listing of 10,000 trunks with one certificate holds one of these.
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "schemas/model/identity.hpp"
#include "schemas/model/path_check.hpp"
#include "schemas/model/time.hpp"

namespace trunkform {

enum class NameKind { dns, uri, ip, email, directory, other };

/// One subjectAltName entry. `value`: DNS and URI as written (foreign text: escape before showing); IP in its usual
/// notation; others as OpenSSL prints them.
struct AlternativeName {
  NameKind kind = NameKind::other;
  std::string value;
  friend bool operator==(const AlternativeName&, const AlternativeName&) = default;
};

enum class KeyAlgorithm { rsa, ec, ed25519, ed448, dsa, other };

struct PublicKeyFacts {
  KeyAlgorithm algorithm = KeyAlgorithm::other;
  int bits = 0;       ///< RSA modulus or curve size
  std::string curve;  ///< `P-256`, `P-384`, `P-521`, else OpenSSL's name; empty for RSA
  Fingerprint spki;   ///< SHA-256 of SubjectPublicKeyInfo: equal when the key is reused
  friend bool operator==(const PublicKeyFacts&, const PublicKeyFacts&) = default;
};

std::string describe(const PublicKeyFacts& key);  ///< `ECDSA P-256`, `RSA 2048`

struct CertificateFacts {
  Fingerprint fingerprint;  ///< SHA-256 of the DER
  std::string subject;      ///< RFC 4514 (foreign text)
  std::string common_name;  ///< for display only: never a name to match (RFC 5922 §7.1)
  std::string issuer;       ///< RFC 4514
  std::string serial;       ///< lower-case hex, no leading zeros beyond what DER has
  Instant not_before{};
  Instant not_after{};
  std::vector<AlternativeName> names;
  PublicKeyFacts key;
  std::string signature_algorithm;  ///< `ecdsa-with-SHA256`
  std::string signature_digest;     ///< `SHA256`, `SHA1`, `MD5`; empty where the algorithm has none of its own
  int version = 3;                  ///< as people count: 1 or 3
  bool is_ca = false;
  bool self_issued = false;  ///< subject equals issuer
  std::optional<int> path_length;
  bool has_key_usage = false;
  bool key_usage_cert_sign = false;
  bool key_usage_digital_signature = false;
  std::vector<std::string> extended_key_usage;  ///< `serverAuth`, `clientAuth`, else dotted; empty: not restricted
  std::string subject_key_id;                   ///< hex; empty when absent
  std::string authority_key_id;                 ///< hex; empty when absent
};

using CertificatePtr = std::shared_ptr<const CertificateFacts>;

/// A chain in the order in which it is sent: leaf first. A service may give it back in another. Never empty.
struct ChainFacts {
  Identity identity;
  std::vector<CertificatePtr> certificates;

  /// The first; where that is an authority's and exactly one is not, that one.
  const CertificateFacts& leaf() const;
  /// The least notAfter over what is sent; the effective expiry where no validated path is at hand.
  Instant least_not_after() const;
  /// From the leaf's notBefore to its notAfter.
  Duration lifetime() const { return leaf().not_after - leaf().not_before; }
};

using ChainPtr = std::shared_ptr<const ChainFacts>;

/// Whether this leaf was revoked, or has the key of one whose key is known to others: `revoked` has both.
bool is_among(const std::set<Fingerprint>& revoked, const ChainFacts& chain);

/// Why there is no trusted path, in the words that rules need.
enum class PathProblem {
  none,
  no_issuer,       ///< an issuer is neither sent nor in the trust store
  untrusted_root,  ///< it ends in a root that is not in the trust store
  expired,         ///< complete, but a certificate of it has ended; `path` is set
  not_yet_valid,   ///< complete, but a certificate of it has not begun; `path` is set
  other,           ///< `failure` says what
};

/// The outcome of the strict path check of a chain against a trust store at one instant.
struct PathFacts {
  bool trusted = false;
  PathProblem problem = PathProblem::none;
  std::string failure;               ///< in one line, where not trusted
  int failure_depth = 0;             ///< 0 is the leaf
  std::vector<CertificatePtr> path;  ///< leaf to anchor where complete
  Instant effective_expiry{};        ///< the least notAfter over `path`
  std::vector<PathFault> faults;     ///< broken checks in the table's order; of a trusted path remarks only
  bool judged = false;               ///< a path was complete, so that each check was made
};

/// Whether any CRL or OCSP answer that was at hand says revoked.
enum class Revocation { unknown, good, revoked };

/// What is odd about the PEM that a source offers, before it is put in order.
struct BundleFacts {
  bool leaf_first = true;
  bool in_order = true;                ///< each certificate signed by the next
  bool has_gap = false;                ///< an intermediate is missing between the leaf and the rest
  bool bad_signature = false;          ///< an issuer by name and key id did not sign its child
  std::vector<CertificatePtr> unused;  ///< certificates that the chain does without
  bool ends_in_root = false;           ///< a self-signed certificate was in the file
};

/// A private key, without the key. Never holds secret material.
struct KeyFacts {
  enum class Form { pkcs8, traditional, encrypted, unreadable };
  Form form = Form::unreadable;
  std::string problem;        ///< why unreadable
  std::string mend;           ///< what to do about it, where that is known
  PublicKeyFacts public_key;  ///< meaningless for encrypted and unreadable
};

}  // namespace trunkform
