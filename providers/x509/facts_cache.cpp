#include "providers/x509/facts_cache.hpp"

#include "providers/x509/certificate_blocks.hpp"
#include "schemas/codec/digest.hpp"

namespace trunkform::x509 {

Result<ChainPtr> FactsCache::chain_of_pem(std::string_view pem) {
  const auto digest = sha256(pem);
  {
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_chains.find(digest); found != m_chains.end()) return found->second;
  }
  auto chain = chain_of(TRY(certificates_of_pem(pem)));
  const std::lock_guard lock(m_mutex);
  return m_chains.emplace(digest, std::move(chain)).first->second;
}

Result<Certificates> FactsCache::certificates_of_pem(std::string_view pem) {
  const auto known = [this](const Fingerprint& fingerprint) -> CertificatePtr {
    const std::lock_guard lock(m_mutex);
    const auto found = m_certificates.find(fingerprint);
    return found == m_certificates.end() ? nullptr : found->second;
  };
  auto certificates = TRY(detail::parse_blocks(pem, PemLimits{}, known));
  for (auto& certificate : certificates) certificate.facts = shared(std::move(certificate.facts));
  return certificates;
}

CertificatePtr FactsCache::shared(CertificatePtr facts) {
  const std::lock_guard lock(m_mutex);
  const auto fingerprint = facts->fingerprint;
  return m_certificates.emplace(fingerprint, std::move(facts)).first->second;
}

}  // namespace trunkform::x509
