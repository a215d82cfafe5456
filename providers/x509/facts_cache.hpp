#pragma once
// Facts by the SHA-256 of the PEM they came from: a listing of 10,000 trunks with 1,000 distinct chains parses 1,000,
// and intermediates that many chains share are parsed once. Thread-safe; grows until it is destroyed.
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "providers/x509/certificates.hpp"

namespace trunkform::x509 {

class FactsCache {
 public:
  /// The chain as the service gives it: its order, and the identity over that order. Failures are not remembered.
  /// Error: invalid_input.
  Result<ChainPtr> chain_of_pem(std::string_view pem);
  /// The certificates of `pem`, sharing facts with all that was seen before.
  Result<Certificates> certificates_of_pem(std::string_view pem);

 private:
  CertificatePtr shared(CertificatePtr facts);
  std::mutex m_mutex;
  std::unordered_map<Fingerprint, ChainPtr, FingerprintHash> m_chains;              // by the text's digest
  std::unordered_map<Fingerprint, CertificatePtr, FingerprintHash> m_certificates;  // by the DER's digest
};

}  // namespace trunkform::x509
