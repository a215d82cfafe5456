#include "planner/forecast/virtual_source.hpp"

#include <algorithm>
#include <memory>

namespace trunkform::forecast {
namespace {

/// A lifetime of seconds is no certificate of a trunk; renewing it for a year would take for ever.
constexpr Duration k_least_renewal = std::chrono::minutes(10);

/// Made up, different for each generation, and the same in every run.
Fingerprint successor_fingerprint(Fingerprint base, std::size_t number) {
  for (std::size_t i = 0; i < sizeof(number); ++i)
    base.bytes[i] = static_cast<std::uint8_t>(base.bytes[i] ^ static_cast<std::uint8_t>(number >> (8 * i)));
  base.bytes.back() ^= 0xFFU;
  return base;
}

}  // namespace

VirtualSource::VirtualSource(const Offer& offered, const Renewal& renewal, Instant start, std::optional<Instant> due)
    : m_offered(offered.chain), m_capability(offered.capability) {
  if (renewal.kind == Renewal::Kind::as_offered || m_offered == nullptr) return;
  const auto begins = m_offered->leaf().not_before;
  m_lifetime = m_offered->lifetime();
  m_expected = renewal.renewed_at(begins, m_lifetime);
  m_interval = *m_expected - begins;
  if (m_interval < k_least_renewal) {
    m_expected.reset();
    return;
  }
  m_late = *m_expected <= start;
  if (!m_late)
    m_first = m_expected;
  else if (due && *due > start)
    m_first = due;  // Late by the assumption, and nobody needs it yet: by then it has to be there.
}

std::size_t VirtualSource::generation_at(Instant at) const {
  if (!m_first || at < *m_first) return 0;
  return static_cast<std::size_t>((at - *m_first) / m_interval) + 1;
}

std::optional<Instant> VirtualSource::next_renewal(Instant after) const {
  if (!m_first) return std::nullopt;
  return *m_first + m_interval * static_cast<Duration::rep>(generation_at(after));
}

const VirtualSource::Generation& VirtualSource::generation(std::size_t number) {
  const auto [found, missing] = m_made.try_emplace(number);
  if (!missing) return found->second;
  auto& made = found->second;
  made.since = *m_first + m_interval * static_cast<Duration::rep>(number - 1);
  auto leaf = std::make_shared<CertificateFacts>(m_offered->leaf());
  leaf->fingerprint = successor_fingerprint(leaf->fingerprint, number);
  leaf->not_before = made.since;
  leaf->not_after = made.since + m_lifetime;
  auto chain = std::make_shared<ChainFacts>();
  chain->identity = {leaf->fingerprint, leaf->fingerprint};
  chain->certificates = {leaf};
  made.offer.kind = Offer::Kind::certificate;
  made.offer.capability = m_capability;
  made.offer.path.trusted = true;
  made.offer.path.path = {leaf};
  made.offer.path.effective_expiry = leaf->not_after;
  made.offer.chain = std::move(chain);
  return made;
}

}  // namespace trunkform::forecast
