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

/// A leaf for TLS servers and clients. Errors: invalid_input (key and certificate of the authority do not belong
/// together, it is none, a request whose signature does not verify, names).
Result<Certificate> sign_certificate(const Certificate& authority, const SecretBuffer& authority_key,
                                     const SigningTerms& terms);

}  // namespace trunkform::x509
