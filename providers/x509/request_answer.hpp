#pragma once
// Whether a certificate is what a signing request asked for. Pure and thread-safe.
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/certificate_facts.hpp"
#include "schemas/model/result.hpp"

namespace trunkform::x509 {

/// The request as PEM (RFC 7468 §7).
std::string request_pem(std::string_view csr_der);

/// The key that is to be certified, as PublicKeyFacts::spki has it. Error: invalid_input: it is no PKCS#10.
Result<Fingerprint> key_of_request(std::string_view csr_der);

/// Those of `names` (written as a request's) that the certificate does not have as subjectAltName, in their order.
/// Upper and lower case are the same (RFC 4343, RFC 3261 §19.1.4), and so are notations of one address.
std::vector<std::string> missing_names(const CertificateFacts& certificate, const std::vector<std::string>& names);

}  // namespace trunkform::x509
