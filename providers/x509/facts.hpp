#pragma once
// What one parsed certificate says. Inside this room only. Thread-safe.
#include <string_view>

#include "providers/x509/parsed.hpp"
#include "schemas/model/certificate_facts.hpp"
#include "schemas/model/result.hpp"

namespace trunkform::x509::detail {

/// `fingerprint`: of the DER that `parsed` was read from. Error: invalid_input (dates that are none).
Result<CertificatePtr> facts_of(const Parsed& parsed, const Fingerprint& fingerprint);

/// Algorithm, size and SHA-256 of the SubjectPublicKeyInfo's DER.
PublicKeyFacts key_facts_of(evp_pkey_st* key, std::string_view spki_der);

}  // namespace trunkform::x509::detail
