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
  const auto remembered = [this](const Fingerprint& fingerprint) {
    auto entry = known(fingerprint);
    return detail::Known{std::move(entry.facts), std::move(entry.parsed)};
  };
  auto certificates = TRY(detail::parse_blocks(pem, PemLimits{}, remembered));
  for (auto& certificate : certificates) share(certificate);
  return certificates;
}

Result<ChainPtr> FactsCache::chain_of_ders(const std::vector<std::string>& ders) {
  if (ders.empty()) return Error(ErrorCode::invalid_input, "there is no certificate");
  Certificates certificates;
  for (const auto& der : ders) {
    if (auto entry = known(sha256(der)); entry.facts) {
      certificates.push_back({std::move(entry.facts), der, std::move(entry.parsed)});
      continue;
    }
    auto certificate = parse_der(der);
    if (!certificate) {
      return Error(ErrorCode::invalid_input,
                   fmt::format("certificate {} is {}", certificates.size() + 1, certificate.error().summary),
                   certificate.error().detail);
    }
    share(*certificate);
    certificates.push_back(std::move(*certificate));
  }
  return chain_of(certificates);
}

FactsCache::Entry FactsCache::known(const Fingerprint& fingerprint) {
  const std::lock_guard lock(m_mutex);
  const auto found = m_certificates.find(fingerprint);
  return found == m_certificates.end() ? Entry{} : found->second;
}

void FactsCache::share(Certificate& certificate) {
  static constexpr std::size_t k_most_parsed = 4096;
  const std::lock_guard lock(m_mutex);
  const auto [found, added] = m_certificates.try_emplace(certificate.facts->fingerprint);
  if (added) found->second = {certificate.facts, m_certificates.size() <= k_most_parsed ? certificate.parsed : nullptr};
  certificate.facts = found->second.facts;
  if (found->second.parsed) certificate.parsed = found->second.parsed;
}

}  // namespace trunkform::x509
