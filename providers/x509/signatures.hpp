#pragma once
// Which certificates were seen to have signed which, so that building a chain and checking its path do not verify the
// same signature twice, nor each of a thousand chains that of the intermediates they share. Thread-safe; grows until it
// is destroyed.
#include <mutex>
#include <set>
#include <utility>

#include "schemas/model/identity.hpp"

namespace trunkform::x509 {

class Signatures {
 public:
  /// Only after the signature was verified with the issuer's key. Both are fingerprints of whole certificates.
  void remember(const Fingerprint& issuer, const Fingerprint& child);
  bool knows(const Fingerprint& issuer, const Fingerprint& child) const;

 private:
  mutable std::mutex m_mutex;
  std::set<std::pair<Fingerprint, Fingerprint>> m_verified;  ///< child, issuer
};

}  // namespace trunkform::x509
