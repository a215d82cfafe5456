#pragma once
// An application signs for itself: a JSON Web Token with its certificate's thumbprint (RFC 7523 §2.2; Microsoft's page
// "Microsoft identity platform application authentication certificate credentials"). Thread-safe.
#include "providers/cloud/azure/identity.hpp"
#include "schemas/model/certificate_facts.hpp"
#include "schemas/model/time.hpp"
#include "schemas/ports/random.hpp"

namespace trunkform::cloud::azure {

/// PS256 with `x5t#S256`, for the audience `endpoint`, good for ten minutes from `now`. Errors: as the file cannot be
/// read; invalid_input: no RSA key, no certificate, or not the key of that certificate.
Result<SecretBuffer> assertion_of(const ClientCertificate& identity, const std::string& endpoint, Instant now,
                                  Random& random);

/// The certificate that is signed for. Errors: as above.
Result<CertificatePtr> certificate_of(const ClientCertificate& identity);

}  // namespace trunkform::cloud::azure
