#include "providers/issuers/answer.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/x509/certificates.hpp"
#include "providers/x509/request_answer.hpp"

namespace trunkform::issuers {

Result<OrderStatus> accepted(std::string certificates_pem, const IssueOrder& order, const std::string& who) {
  const auto key = TRY(x509::key_of_request(order.csr_der));
  auto given = x509::parse_certificates(certificates_pem);
  if (!given)
    return Error(ErrorCode::protocol, fmt::format("{} answered without a certificate that can be read", who))
        .because(std::move(given.error()));
  const auto leaf =
      std::find_if(given->begin(), given->end(), [&](const auto& one) { return one.facts->key.spki == key; });
  if (leaf == given->end())
    return Error(ErrorCode::protocol, fmt::format("{} answered with a certificate of another key", who),
                 fmt::format("its subject is {}", cloud::quoted(given->front().facts->subject)))
        .hint("look at what stands between this machine and the authority: no authority answers like this");
  return OrderStatus(OrderIssued{std::move(certificates_pem)});
}

bool is_answer_to(const std::string& certificate_pem, const IssueOrder& order) {
  const auto key = x509::key_of_request(order.csr_der);
  const auto given = x509::parse_certificates(certificate_pem);
  if (!key || !given) return false;
  const auto& leaf = given->front();
  if (leaf.facts->key.spki != *key) return false;
  if (!order.reuses_key) return true;
  // Without the one that is to be replaced, or with somebody else's that is shown for it, that one would be an answer.
  const auto replaced = x509::parse_der(order.replaces_der);
  if (!replaced || replaced->facts->key.spki != *key) return false;
  // Where a key is used again, the certificate that is to be replaced has it too, each one before that, and what was
  // signed for a request that was given up since, which asked for other names. One that began in the same second is no
  // earlier one: authorities sign many in a second.
  return leaf.der != replaced->der && leaf.facts->not_before >= replaced->facts->not_before &&
         x509::missing_names(*leaf.facts, order.names).empty();
}

std::string names_of_kind(const IssueOrder& order, NameKind kind) {
  std::string names;
  for (const auto& name : order.names)
    if (kind_of_name(name) == kind) names.append(names.empty() ? "" : ",").append(name);
  return names;
}

}  // namespace trunkform::issuers
