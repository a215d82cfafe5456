#pragma once
// A certificate of our own, to be shown in TLS: read from what a configuration names, and held against its key first,
// so that a mix-up is told as one and not as a handshake that failed. Thread-safe.
#include "schemas/model/certificate_facts.hpp"
#include "schemas/model/checkup.hpp"
#include "schemas/model/result.hpp"
#include "schemas/ports/http_client.hpp"

namespace trunkform::cloud {

struct OwnCertificate {
  ClientCertificate shown;
  CertificatePtr facts;  ///< of the certificate itself
};

/// `certificate` and `key` are PEM, in any order and with other blocks around them: one file can be both. Error:
/// invalid_input: unreadable, an encrypted key, or a key of another certificate.
Result<OwnCertificate> own_certificate(const SecretBuffer& certificate, const SecretBuffer& key);

/// `"CN=trunkform" of "CN=Machines", until 2026-12-31T00:00:00Z`
std::string described(const CertificateFacts& facts);

/// Whose it is, and a warning in its last week: nobody logs in with it afterwards, and nothing renews it here.
void examine_certificate(Checkup& checkup, const CertificateFacts& facts, Instant now);

}  // namespace trunkform::cloud
