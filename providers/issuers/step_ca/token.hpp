#pragma once
// One-time tokens of step-ca ("Provisioners": JWK and X5C): JSON Web Tokens (RFC 7519) that a provisioner's key signs,
// each for one operation. Thread-safe.
#include <string>
#include <vector>

#include "providers/x509/certificates.hpp"
#include "schemas/model/result.hpp"
#include "schemas/model/time.hpp"
#include "schemas/ports/random.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::issuers::step_ca {

struct Provisioner {
  std::string name;
  std::string key_id;           ///< of a JWK provisioner; empty: the key's thumbprint (RFC 7638)
  std::string certificate_pem;  ///< of an X5C provisioner: leaf first; empty: it is a JWK provisioner
};

struct Claims {
  std::string audience;  ///< `https://ca.example.com/1.0/sign`
  std::string subject;
  std::vector<std::string> names;  ///< `sans`; empty: the claim is left out
};

/// Compact form (RFC 7515 §7.1), good for five minutes from `now`, and once. `key`: PEM, not encrypted. Errors:
/// invalid_input (the key, the certificate, or that they do not belong together), denied (the certificate has ended).
Result<SecretBuffer> token_of(const SecretBuffer& key, const Provisioner& provisioner, const Claims& claims,
                              Instant now, Random& random);

/// What a JWK provisioner's key is found by: `key_id`, else the key's thumbprint. Error: invalid_input (the key).
Result<std::string> key_id_of(const SecretBuffer& key, const Provisioner& provisioner);

/// Whether the key is that of an X5C provisioner's first certificate, and that has not ended; the certificate. Errors:
/// as `token_of`. Told here, because the service says no more than that it is not authorised.
Result<x509::Certificates> check_certificate(const SecretBuffer& key, const Provisioner& provisioner, Instant now);

/// A serial number as the service writes it: decimal. `hex`: digits of either case.
std::string decimal_of(std::string_view hex);

}  // namespace trunkform::issuers::step_ca
