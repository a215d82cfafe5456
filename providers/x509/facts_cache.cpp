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
  return detail::parse_blocks(pem, PemLimits{}, [this](std::string der) { return certificate_of(std::move(der)); });
}

Result<ChainPtr> FactsCache::chain_of_ders(const std::vector<std::string>& ders) {
  if (ders.empty()) return Error(ErrorCode::invalid_input, "there is no certificate");
  Certificates certificates;
  for (const auto& der : ders) {
    auto certificate = certificate_of(der);
    if (!certificate) {
      return Error(ErrorCode::invalid_input,
                   fmt::format("certificate {} is {}", certificates.size() + 1, certificate.error().summary),
                   certificate.error().detail);
    }
    certificates.push_back(std::move(*certificate));
  }
  return chain_of(certificates);
}

std::optional<Certificates> FactsCache::certificates_of(const ChainFacts& chain) {
  Certificates certificates;
  for (const auto& facts : chain.certificates) {
    std::shared_ptr<Entry> entry;
    {
      const std::lock_guard lock(m_mutex);
      const auto found = m_certificates.find(facts->fingerprint);
      if (found == m_certificates.end()) return std::nullopt;
      entry = found->second;
    }
    const std::lock_guard lock(entry->mutex);
    if (!entry->facts) return std::nullopt;
    certificates.push_back({entry->facts, entry->der, entry->parsed});
  }
  return certificates;
}

Result<Certificate> FactsCache::certificate_of(std::string der) {
  const auto entry = entry_of(sha256(der));
  const std::lock_guard lock(entry->mutex);
  if (entry->facts) return Certificate{entry->facts, std::move(der), entry->parsed};
  auto certificate = TRY(parse_der(der));
  entry->facts = certificate.facts;
  entry->der = certificate.der;
  if (entry->keeps_parsed) entry->parsed = certificate.parsed;
  return certificate;
}

std::shared_ptr<FactsCache::Entry> FactsCache::entry_of(const Fingerprint& fingerprint) {
  static constexpr std::size_t k_most_parsed = 4096;
  const std::lock_guard lock(m_mutex);
  auto& entry = m_certificates[fingerprint];
  if (!entry) {
    entry = std::make_shared<Entry>();
    entry->keeps_parsed = m_certificates.size() <= k_most_parsed;
  }
  return entry;
}

}  // namespace trunkform::x509
