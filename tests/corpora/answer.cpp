#include "tests/corpora/answer.hpp"

#include <fmt/format.h>

#include "cmd/certificates/check_report.hpp"
#include "providers/x509/path.hpp"

namespace trunkform::corpora {
namespace {

Answer refused(const Error& error) { return {false, "    " + to_line(error) + "\n"}; }

Answer checked(const Case& one, const Manner& manner) {
  certificates::CheckRequest request;
  request.chain_pem = one.chain;
  request.carrier.identity_rules = manner.as_web ? IdentityRules::rfc6125 : IdentityRules::rfc5922;
  request.carrier.allow_wildcard = manner.as_web;
  request.carrier.trust_store = SharedText(one.trust);
  request.names = one.names;
  request.at = one.at;
  request.max_depth = one.max_depth;
  if (!one.lists.empty()) request.crl_pem = one.lists;
  const auto report = certificates::check(request);
  if (!report) return refused(report.error());
  Answer answer{!report->blocked, ""};
  for (const auto& finding : report->offer.findings)
    if (finding.verdict == Verdict::block) answer.why += fmt::format("    {}: {}\n", finding.rule, finding.message);
  return answer;
}

bool speaks_for_it(Revocation revocation, const Case& one, const Manner& manner) {
  if (manner.determined && !one.lists.empty()) return revocation == Revocation::good;
  return revocation != Revocation::revoked;
}

std::string why_not(const x509::PathAnswer& answer) {
  std::string why;
  for (const auto& fault : answer.path.faults) {
    if (fault.verdict == Verdict::block)
      why += fmt::format("    {} at {}: {}\n", info(fault.check).name, fault.depth, fault.what);
  }
  if (why.empty() && !answer.path.failure.empty()) why = "    " + answer.path.failure + "\n";
  if (answer.revocation == Revocation::revoked) why += "    revoked\n";
  return why;
}

Answer walked(const Case& one, const Manner& manner) {
  static constexpr x509::PemLimits k_limits{8U << 20, 5000, 1U << 20};  // what the path is judged by, not the file
  x509::PathQuestion question;
  question.at = one.at;
  question.as_web = manner.as_web;
  question.max_depth = one.max_depth;
  const auto certificates = x509::parse_certificates(one.chain, k_limits);
  if (!certificates) return refused(certificates.error());
  const auto trust = x509::TrustStore::from_pem(one.trust);
  if (!trust) return refused(trust.error());
  question.trust = *trust;
  if (!one.lists.empty()) {
    const auto lists = x509::RevocationLists::from_pem(one.lists);
    if (!lists) return refused(lists.error());
    question.revocation = *lists;
  }
  const auto answer = x509::check_path(*certificates, question);
  return {answer.path.trusted && speaks_for_it(answer.revocation, one, manner), why_not(answer)};
}

}  // namespace

Answer answer_to(const Case& one, const Manner& manner) {
  return manner.path_only || one.is_clients ? walked(one, manner) : checked(one, manner);
}

}  // namespace trunkform::corpora
