#include "cmd/certificates/check_report.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cmd/certificates/foreign_text.hpp"
#include "cmd/certificates/path_report.hpp"
#include "providers/x509/private_key.hpp"

namespace trunkform::certificates {
namespace {

std::string days_left(Instant end, Instant at) {
  return at <= end ? to_words(end - at) + " left" : "ended " + to_words(at - end) + " ago";
}

std::string names_of(const CertificateFacts& facts) {
  std::string text;
  for (const auto& name : facts.names) text += (text.empty() ? "" : ", ") + escaped(name.value);
  return text.empty() ? "none" : text;
}

/// The remedy of a carrier's file is another one here.
void name_the_flag(const CheckRequest& request, Finding& finding) {
  if (finding.verdict == Verdict::pass) return;
  if (!request.carrier.trust_store && (finding.rule == "chain_incomplete" || finding.rule == "root_not_trusted"))
    finding.mend += "; where the carrier has roots of its own, name them: -trust-store=FILE";
  if (finding.rule == "key_encrypted" && request.passphrase == nullptr) finding.mend += "; here: -passphrase-file=FILE";
}

std::vector<UncheckedRule> unchecked(const CheckRequest& request, const JudgedOffer& offer) {
  std::vector<UncheckedRule> rules;
  if (request.names.empty()) rules.push_back({"name_mismatch", "not checked: no -name"});
  if (request.key == nullptr) rules.push_back({"key_mismatch", "not checked: no -key"});
  if (!request.crl_pem)
    rules.push_back({"revoked", "not checked: no -crl"});
  else if (offer.built.chain != nullptr && offer.revocation == Revocation::unknown)
    rules.push_back({"revoked", "cannot be judged: no list of -crl covers the leaf at that time"});
  for (const auto& rule : offer.unjudged)
    rules.push_back({rule.rule, fmt::format("cannot be judged before {} is mended", rule.before)});
  return rules;
}

std::string_view mark(Verdict verdict) {
  switch (verdict) {
    case Verdict::block:
      return "block";
    case Verdict::warn:
      return "warn ";
    case Verdict::pass:
      break;
  }
  return "pass ";
}

}  // namespace

Result<CheckReport> check(const CheckRequest& request) {
  x509::TrustStores stores;
  CheckReport report;
  if (request.key != nullptr)
    report.key = request.passphrase != nullptr ? x509::inspect_key(*request.key, *request.passphrase)
                                               : x509::inspect_key(*request.key);
  OfferQuestion question;
  question.certificates_pem = request.chain_pem;
  question.max_depth = request.max_depth;
  if (request.crl_pem) question.revocation = TRY(x509::RevocationLists::from_pem(*request.crl_pem));
  question.judge.key = report.key ? &*report.key : nullptr;
  question.judge.passphrase_at_hand = request.passphrase != nullptr;
  question.judge.carrier = &request.carrier;
  question.judge.names = request.names;
  question.judge.now = request.at;
  question.judge.min_age = request.min_age;
  question.judge.arrangement = request.arrangement;
  question.judge.moment = rules::Moment::applying;
  report.offer = TRY(judge_offer(question, stores, Passes::listed));
  report.blocked = blocks(report.offer.findings);
  for (auto& finding : report.offer.findings) name_the_flag(request, finding);
  report.not_checked = unchecked(request, report.offer);
  return report;
}

std::string to_text(const CheckReport& report, Instant at) {
  auto findings = report.offer.findings;
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.verdict > b.verdict; });
  std::string text;
  for (const auto& finding : findings) {
    text += fmt::format("{}  {}  {}  [{}]\n", mark(finding.verdict), finding.rule, escaped(finding.message),
                        finding.clause);
    if (!finding.mend.empty()) text += fmt::format("       {}\n", escaped(finding.mend));
  }
  for (const auto& rule : report.not_checked) text += fmt::format("-      {}  {}\n", rule.name, rule.why);
  if (report.offer.built.chain) text += "\n" + path_checks_text(report.offer.path);
  if (report.offer.built.chain) text += "\n" + show_text(*report.offer.built.chain, at);
  if (report.offer.path.trusted) {
    text += fmt::format("effective expiry  {}  {}\n", to_rfc3339(report.offer.path.effective_expiry),
                        days_left(report.offer.path.effective_expiry, at));
  }
  return text + (report.blocked ? "blocked: no trunk would get this certificate\n" : "good\n");
}

std::string show_text(const ChainFacts& chain, Instant at) {
  std::string text;
  for (std::size_t depth = 0; depth < chain.certificates.size(); ++depth) {
    const auto& facts = *chain.certificates[depth];
    text += fmt::format("{}  {}\n", depth, facts.subject.empty() ? "(empty subject)" : escaped(facts.subject));
    if (depth == 0) text += fmt::format("   names        {}\n", names_of(facts));
    text += fmt::format("   issuer       {}\n   serial       {}\n", escaped(facts.issuer), facts.serial);
    text += fmt::format("   valid        {} to {}, {}\n", to_rfc3339(facts.not_before), to_rfc3339(facts.not_after),
                        days_left(facts.not_after, at));
    text += fmt::format("   key          {}, signed with {}\n", describe(facts.key), facts.signature_algorithm);
    text += fmt::format("   fingerprint  {}\n", to_hex(facts.fingerprint));
  }
  return text;
}

}  // namespace trunkform::certificates
