#pragma once
// Signing certificates with an authority's key that is at hand. For laboratories: a key that a program can read is no
// key of an authority that others trust. Thread-safe.
#include <string>
#include <vector>

#include "providers/x509/certificates.hpp"
#include "schemas/model/result.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::x509 {

struct SigningTerms {
  std::string csr_der;             ///< its key is certified; what else it asks for does not count
  std::vector<std::string> names;  ///< of the leaf, as `make_signing_request` has them
  std::string serial;              ///< hex of 1 to 20 octets, positive
  Instant not_before{};
  Instant not_after{};
};

/// Whether peers would take what this authority signs for these names, by its certificates alone: the first is its own,
/// then what leads to the root. Without names, of any. The key is not needed. Error: invalid_input: it is no
/// authority, may not sign certificates or none for servers, has a key whose signatures SIP peers do not take, or
/// constraints that do not permit a name.
Result<> may_sign(const Certificates& authority, const std::vector<std::string>& names);

/// A leaf for TLS servers and clients. Errors: invalid_input (key and certificate of the authority do not belong
/// together, it is none, a request whose signature does not verify, names).
Result<Certificate> sign_certificate(const Certificate& authority, const SecretBuffer& authority_key,
                                     const SigningTerms& terms);

}  // namespace trunkform::x509
