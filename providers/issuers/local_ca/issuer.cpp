#include "providers/issuers/local_ca/issuer.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/x509/authority.hpp"
#include "providers/x509/private_key.hpp"
#include "schemas/codec/digest.hpp"

namespace trunkform::issuers {
namespace {

/// RFC 5280 §4.1.2.2: positive, at most 20 octets, and no two certificates have the same. 15 octets of a digest, after
/// one that keeps it positive and of one length. Of the moment too: a run that died before what was signed was written
/// down asks again with the same request, and what it gets then ends at another time.
std::string serial_of(const IssueOrder& order, Instant now) {
  const auto moment = std::to_string(now.time_since_epoch().count());
  return "4" + sha256_hex(order.request + "\n" + moment + "\n" + order.csr_der).substr(0, 31);
}

constexpr std::uint64_t k_most_bytes = 1U << 20U;

/// Clocks of peers go wrong by minutes.
constexpr auto k_before = std::chrono::minutes(5);

}  // namespace

Result<LocalCa::Authority> LocalCa::authority() {
  auto chain = TRY(x509::parse_certificates(TRY(m_files.read(m_place.certificate, k_most_bytes))));
  auto key = TRY(x509::to_pkcs8(TRY(m_secrets.read(m_place.private_key))));
  return Authority{std::move(chain), std::move(key)};
}

Error LocalCa::in_file(Error error) const {
  return std::move(error).hint(fmt::format("its certificate is the first in '{}'", m_place.certificate.string()));
}

Error LocalCa::has_ended(const CertificateFacts& own) const {
  return Error(ErrorCode::rejected, "the local authority's own certificate has expired",
               fmt::format("'{}' ended {}", m_place.certificate.string(), to_rfc3339(own.not_after)))
      .hint("make the authority a new certificate; issuer.local_ca is for laboratories");
}

Checkup LocalCa::examine(const Context&) {
  Checkup checkup;
  const auto found = authority();
  if (!found) {
    checkup.bad(found.error());
    return checkup;
  }
  const auto& own = *found->chain.front().facts;
  // Of no name: those of its requests are judged with them.
  if (auto able = x509::may_sign(found->chain, {}); !able) checkup.bad(in_file(std::move(able.error())));
  if (!x509::matches(x509::inspect_key(found->key), own))
    checkup.bad(Error(ErrorCode::invalid_input, "the authority's key is not that of its certificate",
                      fmt::format("which is the first in '{}'", m_place.certificate.string()))
                    .hint("name the key of that certificate as `private_key`, or put its certificate first"));
  if (own.not_after <= m_clock.now())
    checkup.bad(has_ended(own));
  else
    checkup.good(fmt::format("it signs as {}, until {}", cloud::quoted(own.subject), to_rfc3339(own.not_after)));
  return checkup;
}

Result<std::vector<std::string>> LocalCa::foretell(const Context&, const OrderToCome& order) {
  // Where only an apply has the authority's files, a plan knows nothing.
  const auto pem = m_files.read(m_place.certificate, k_most_bytes);
  if (!pem) return std::vector<std::string>();
  const auto chain = TRY(x509::parse_certificates(*pem));
  if (auto able = x509::may_sign(chain, order.names); !able) return in_file(std::move(able.error()));
  const auto now = m_clock.now();
  const auto& own = *chain.front().facts;
  if (own.not_after <= now) return has_ended(own);
  const auto wanted = order.lifetime.value_or(m_place.lifetime);
  std::vector<std::string> remarks;
  if (now + wanted > own.not_after)
    remarks.push_back(fmt::format("the authority itself ends {}: what it signs ends then, and does not last {}",
                                  to_rfc3339(own.not_after), to_words(wanted)));
  return remarks;
}

Result<OrderStatus> LocalCa::submit(const Context&, const IssueOrder& order) {
  const auto own = TRY(authority());
  const auto& chain = own.chain;
  TRY(x509::may_sign(chain, order.names));
  const auto now = m_clock.now();
  const auto begin = std::chrono::floor<std::chrono::seconds>(now - k_before);
  auto end = begin + k_before + order.lifetime.value_or(m_place.lifetime);
  // What outlives its authority is worth nothing from then on.
  end = std::min<Instant>(end, chain.front().facts->not_after);
  if (end <= now) return has_ended(*chain.front().facts);
  auto leaf = TRY(
      x509::sign_certificate(chain.front(), own.key, {order.csr_der, order.names, serial_of(order, now), begin, end}));
  return OrderStatus(OrderIssued{x509::to_pem(leaf) + x509::to_pem(chain)});
}

Result<OrderStatus> LocalCa::poll(const Context&, const std::string&, const IssueOrder&) {
  return OrderStatus(OrderGone{Error(ErrorCode::not_found, "issuer.local_ca signs at once, and keeps no orders")});
}

Result<> LocalCa::revoke(const Context&, const std::string&, RevocationReason) { return revokes(); }

Result<> LocalCa::revokes() const {
  return Error(ErrorCode::unsupported, "issuer.local_ca keeps no list of revoked certificates")
      .hint("take the certificate off its trunks: set replace_compromised, and run trunkform apply");
}

}  // namespace trunkform::issuers
