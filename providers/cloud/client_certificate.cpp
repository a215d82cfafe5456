#include "providers/cloud/client_certificate.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/x509/certificates.hpp"
#include "providers/x509/private_key.hpp"

namespace trunkform::cloud {

Result<OwnCertificate> own_certificate(const SecretBuffer& certificate, const SecretBuffer& key) {
  auto chain = TRY(x509::parse_certificates(TRY(x509::certificates_in(certificate))));
  OwnCertificate own;
  own.shown.private_key = TRY(x509::to_pkcs8(TRY(x509::key_in(key))));
  const auto key_facts = x509::inspect_key(own.shown.private_key);
  const auto leaf =
      std::find_if(chain.begin(), chain.end(), [&](const auto& one) { return x509::matches(key_facts, *one.facts); });
  if (leaf == chain.end())
    return Error(ErrorCode::invalid_input, "the key belongs to none of its certificates")
        .hint("give the key that the certificate was made with");
  std::rotate(chain.begin(), leaf, std::next(leaf));
  own.facts = chain.front().facts;
  own.shown.chain = x509::to_pem(chain);
  return own;
}

std::string described(const CertificateFacts& facts) {
  return fmt::format("{} of {}, until {}", quoted(facts.subject, 100), quoted(facts.issuer, 100),
                     to_rfc3339(facts.not_after));
}

void examine_certificate(Checkup& checkup, const CertificateFacts& facts, Instant now) {
  // Time for somebody to notice, and to be back from a long weekend.
  constexpr Duration k_renew_by_then = std::chrono::days(7);
  auto who = "the client certificate is " + described(facts);
  const auto left = facts.not_after - now;
  if (left > k_renew_by_then) return checkup.good(std::move(who));
  checkup.warn(Error(ErrorCode::denied,
                     left > Duration(0) ? fmt::format("the client certificate ends in {}", to_words(left))
                                        : "the client certificate has ended",
                     std::move(who))
                   .hint("renew it where it comes from: nobody logs in with it afterwards"));
}

}  // namespace trunkform::cloud
