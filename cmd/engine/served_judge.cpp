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
  const auto standing = TRY(m_sources.standing(certificates, binding.carrier));
  rules::RuleInput input;
  input.chain = served.chain;
  input.bundle = standing.bundle ? &*standing.bundle : nullptr;
  input.path = &standing.path;
  input.carrier = &*binding.carrier;
  input.names = binding.identity;
  input.now = m_clock.now();
  input.arrangement = rules::Arrangement::as_it_stands;
  for (const auto& finding : rules::judge(input))
    if (finding.verdict == Verdict::block)
      return std::optional(fmt::format("{} (rule {})", finding.message, finding.rule));
  return std::optional<std::string>();
}

}  // namespace trunkform::engine
