#include "providers/x509/signatures.hpp"

namespace trunkform::x509 {

void Signatures::remember(const Fingerprint& issuer, const Fingerprint& child) {
  const std::lock_guard lock(m_mutex);
  m_verified.emplace(child, issuer);
}

bool Signatures::knows(const Fingerprint& issuer, const Fingerprint& child) const {
  const std::lock_guard lock(m_mutex);
  return m_verified.contains({child, issuer});
}

}  // namespace trunkform::x509
