#include "providers/x509/facts_cache.hpp"

#include <fmt/format.h>

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
  const auto remembered = [this](const Fingerprint& fingerprint) { return known(fingerprint); };
  auto certificates = TRY(detail::parse_blocks(pem, PemLimits{}, remembered));
  for (auto& certificate : certificates) certificate.facts = shared(std::move(certificate.facts));
  return certificates;
}

Result<ChainPtr> FactsCache::chain_of_ders(const std::vector<std::string>& ders) {
  if (ders.empty()) return Error(ErrorCode::invalid_input, "there is no certificate");
  Certificates certificates;
  for (const auto& der : ders) {
    if (auto facts = known(sha256(der))) {
      certificates.push_back({std::move(facts), der});
      continue;
    }
    auto certificate = parse_der(der);
    if (!certificate) {
      return Error(ErrorCode::invalid_input,
                   fmt::format("certificate {} is {}", certificates.size() + 1, certificate.error().summary),
                   certificate.error().detail);
    }
    certificate->facts = shared(std::move(certificate->facts));
    certificates.push_back(std::move(*certificate));
  }
  return chain_of(certificates);
}

CertificatePtr FactsCache::known(const Fingerprint& fingerprint) {
  const std::lock_guard lock(m_mutex);
  const auto found = m_certificates.find(fingerprint);
  return found == m_certificates.end() ? nullptr : found->second;
}

CertificatePtr FactsCache::shared(CertificatePtr facts) {
  const std::lock_guard lock(m_mutex);
  const auto fingerprint = facts->fingerprint;
  return m_certificates.emplace(fingerprint, std::move(facts)).first->second;
}

}  // namespace trunkform::x509
