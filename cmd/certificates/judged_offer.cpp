#include "cmd/certificates/judged_offer.hpp"

namespace trunkform::certificates {
namespace {

std::vector<Finding> findings_of(const rules::RuleInput& input, Passes passes) {
  return passes == Passes::listed ? rules::judge_all(input) : rules::judge(input);
}

Result<x509::BuiltChain> built_chain(const OfferQuestion& question, const CarrierPolicy& carrier,
                                     const x509::PathQuestion& asked) {
  const auto certificates = TRY(x509::parse_certificates(question.certificates_pem));
  return x509::build_chain(certificates, {.root = carrier.root, .key = question.judge.key, .accept = &asked});
}

}  // namespace

Result<JudgedOffer> judge_offer(const OfferQuestion& question, x509::TrustStores& stores, Passes passes) {
  static const CarrierPolicy k_defaults;
  const auto& carrier = question.judge.carrier == nullptr ? k_defaults : *question.judge.carrier;
  auto asked = x509::question_of(carrier);
  asked.trust = TRY(stores.get(carrier.trust_store));
  asked.at = question.judge.now;
  asked.revocation = question.revocation;
  asked.max_depth = question.max_depth;

  JudgedOffer judged;
  auto input = question.judge;
  auto built = built_chain(question, carrier, asked);
  if (!built) {
    input.chain = nullptr;
    input.unreadable = &built.error();
    judged.findings = findings_of(input, passes);
    return judged;
  }
  judged.built = std::move(*built);
  auto answer = x509::check_path(judged.built.way, asked);
  judged.path = std::move(answer.path);
  judged.revocation = answer.revocation;
  input.chain = judged.built.chain;
  input.bundle = &judged.built.bundle;
  input.path = &judged.path;
  input.revocation = judged.revocation;
  judged.findings = findings_of(input, passes);
  judged.unjudged = rules::unjudged(input);
  return judged;
}

}  // namespace trunkform::certificates
