#pragma once
// How certificates may be signed. Kept in one place for the path validator and the rules.
#include "schemas/model/certificate_facts.hpp"

namespace trunkform {

/// CA/B BR §7.1.3.2: RSA by PKCS #1 v1.5 or PSS, or ECDSA, each with SHA-256, SHA-384 or SHA-512. What is not on the
/// list is refused: digests that nobody thought of (RIPEMD-160) verify as well as good ones.
bool is_allowed_signature(const CertificateFacts& certificate);

/// `SHA1 (sha1WithRSAEncryption)`, or the algorithm alone where it has no digest of its own.
std::string describe_signature(const CertificateFacts& certificate);

}  // namespace trunkform
