#include "cmd/genesys_sim/judge.hpp"

#include <algorithm>

#include "providers/x509/certificates.hpp"
#include "providers/x509/chain.hpp"
#include "providers/x509/path.hpp"
#include "providers/x509/private_key.hpp"

namespace trunkform::sim {
namespace judge_detail {
namespace {

Judgement refuse(Judgement judgement, Refusal refusal, std::string why) {
  judgement.refusal = refusal;
  judgement.why = std::move(why);
  return judgement;
}

/// Empty where the key is as the service wants it.
std::string key_problem(std::string_view key_pem, const CertificateFacts& leaf) {
  const auto key = SecretBuffer::copy_of(key_pem);
  const auto facts = x509::inspect_key(key);
  if (facts.form == KeyFacts::Form::encrypted) return "the private key is encrypted";
  if (facts.form != KeyFacts::Form::pkcs8) return "the private key is not unencrypted PKCS#8 in PEM";
  if (!key_pem.starts_with("-----BEGIN PRIVATE KEY-----")) return "the private key is not PEM";
  return x509::matches(facts, leaf) ? "" : "the private key does not match the certificate";
}

/// Empty where the chain is complete.
std::string gap(const x509::Certificates& certificates, const x509::TrustStorePtr& trust, Instant now) {
  x509::PathQuestion question;
  question.at = now;
  question.trust = trust;
  const auto built =
      x509::build_chain(certificates, {.root = RootHandling::include, .accept = trust ? &question : nullptr});
  if (!built) return built.error().summary;
  if (!built->bundle.leaf_first) return "the leaf is not the first certificate";
  if (built->bundle.has_gap) return "an intermediate certificate is missing";
  if (built->bundle.bad_signature) return "a certificate is not signed by the next";
  if (!built->bundle.in_order) return "the certificates are not in order";
  if (trust)
    return x509::check_path(certificates, question).path.trusted ? ""
                                                                 : "it does not lead to a root that the carrier trusts";
  const bool alone = certificates.size() == 1 && !certificates.front().facts->self_issued;
  return alone ? "only the leaf was sent" : "";
}

}  // namespace
}  // namespace judge_detail

Judgement X509Judge::judge(std::string_view chain_pem, std::string_view key_pem, Instant now) const {
  using namespace judge_detail;
  Judgement judgement;
  const auto certificates = x509::parse_certificates(chain_pem);
  if (!certificates) return refuse(judgement, Refusal::not_a_certificate, certificates.error().summary);
  const auto& leaf = *certificates->front().facts;
  judgement.identity = x509::identity_of(*certificates);
  judgement.not_after = leaf.not_after;
  judgement.ends_in_root = certificates->size() > 1 && certificates->back().facts->self_issued;
  if (auto problem = key_problem(key_pem, leaf); !problem.empty())
    return refuse(judgement, Refusal::invalid_key_format, std::move(problem));
  const bool ended = std::any_of(certificates->begin(), certificates->end(),
                                 [now](const auto& certificate) { return certificate.facts->not_after <= now; });
  if (ended) return refuse(judgement, Refusal::expired, "a certificate of the chain is past its end");
  if (auto missing = gap(*certificates, m_trust, now); !missing.empty())
    return refuse(judgement, Refusal::chain_incomplete, std::move(missing));
  return judgement;
}

}  // namespace trunkform::sim
