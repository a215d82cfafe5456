#include "cmd/engine/served_judge.hpp"

#include <fmt/format.h>

#include "planner/rules/rules.hpp"

namespace trunkform::engine {
namespace {

Result<x509::Certificates> certificates_of(const ServedChain& served) {
  x509::Certificates certificates;
  for (const auto& der : served.ders) certificates.push_back(TRY(x509::parse_der(der)));
  return certificates;
}

}  // namespace

Result<std::optional<std::string>> ServedJudge::refusal(const ServedChain& served, const Binding& binding) const {
  if (served.chain == nullptr || served.ders.empty()) return std::optional<std::string>();
  const auto certificates = TRY(certificates_of(served));
  x509::PathQuestion question;
  question.at = m_clock.now();
  question.trust = TRY(m_sources.trust_store(binding.carrier));
  question.purpose = x509::purpose_of(binding.carrier);
  const auto answer = x509::check_path(certificates, question);
  const auto built = x509::build_chain(certificates, binding.carrier->root);  // for what it says about the order
  rules::RuleInput input;
  input.chain = served.chain;
  input.bundle = built ? &built->bundle : nullptr;
  input.path = &answer.path;
  input.revocation = answer.revocation;
  input.carrier = &*binding.carrier;
  input.names = binding.identity;
  input.now = question.at;
  input.arrangement = rules::Arrangement::as_it_stands;
  for (const auto& finding : rules::judge(input))
    if (finding.verdict == Verdict::block)
      return std::optional(fmt::format("{} (rule {})", finding.message, finding.rule));
  return std::optional<std::string>();
}

}  // namespace trunkform::engine
