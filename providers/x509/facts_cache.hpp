#pragma once
// Facts by the SHA-256 of the PEM or DER they came from: a listing of 10,000 trunks with 1,000 distinct chains parses
// 1,000, and intermediates that many chains share are parsed once. Thread-safe; grows until it is destroyed.
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "providers/x509/certificates.hpp"

namespace trunkform::x509 {

class FactsCache {
 public:
  /// The chain as the service gives it: its order, and the identity over that order. Failures are not remembered.
  /// Error: invalid_input.
  Result<ChainPtr> chain_of_pem(std::string_view pem);
  /// The chain as a peer serves it: DERs in the order of the handshake, at least one. Error: invalid_input, naming the
  /// certificate (from 1).
  Result<ChainPtr> chain_of_ders(const std::vector<std::string>& ders);
  /// The certificates of a chain that was read here, with their DER; none where one of them was not.
  std::optional<Certificates> certificates_of(const ChainFacts& chain);
  /// The certificates of `pem`, sharing facts with all that was seen before.
  Result<Certificates> certificates_of_pem(std::string_view pem);

 private:
  /// One certificate. Whoever comes first parses it, and the others wait: the listing and the sources meet the same
  /// certificates at the same time.
  struct Entry {
    std::mutex mutex;
    CertificatePtr facts;                          ///< null: not parsed yet, or not a certificate
    std::string der;                               ///< set with `facts`
    std::shared_ptr<const detail::Parsed> parsed;  ///< of the first few thousand: ten kilobytes each
    bool keeps_parsed = false;
  };
  Result<Certificate> certificate_of(std::string der);
  std::shared_ptr<Entry> entry_of(const Fingerprint& fingerprint);
  std::mutex m_mutex;
  std::unordered_map<Fingerprint, ChainPtr, FingerprintHash> m_chains;                      // by the text's digest
  std::unordered_map<Fingerprint, std::shared_ptr<Entry>, FingerprintHash> m_certificates;  // by the DER's digest
};

}  // namespace trunkform::x509
