#include <algorithm>

#include <fmt/format.h>

#include "planner/rules/checks.hpp"

namespace trunkform::rules::checks {
namespace {

/// Nobody can reorder what is on a trunk but by sending it again.
std::string how_to_reorder(const RuleInput& input) {
  if (input.arrangement == Arrangement::rebuilt)
    return "write it in order: trunkform certificate show -pem -trust-store ROOTS.pem FILE > ORDERED.pem";
  return "send it in order: trunkform apply does; where only the service shows it so, that is recorded then";
}

/// A source's certificates are put in order before they are sent: worth a word, not a refusal.
std::optional<Verdict> when_rebuilt(const RuleInput& input) {
  return input.arrangement == Arrangement::rebuilt ? std::optional(Verdict::warn) : std::nullopt;
}

/// A cross-sign has the name of one that is in the chain.
std::string told_apart(const CertificateFacts& certificate, const ChainFacts& chain) {
  const auto has_its_name = [&](const CertificatePtr& one) { return one->subject == certificate.subject; };
  if (std::none_of(chain.certificates.begin(), chain.certificates.end(), has_its_name)) return named(certificate);
  return fmt::format("the {} that '{}' issued (serial {})", named(certificate), certificate.issuer, certificate.serial);
}

}  // namespace

const CarrierPolicy& policy_of(const RuleInput& input) {
  static const CarrierPolicy k_defaults;
  return input.carrier == nullptr ? k_defaults : *input.carrier;
}

std::string named(const CertificateFacts& certificate) {
  return fmt::format("'{}'", certificate.subject.empty() ? "serial " + certificate.serial : certificate.subject);
}

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, ", ")); }

Outcome pem_unreadable(const RuleInput& input) {
  if (input.unreadable == nullptr) return std::nullopt;
  return Broken{to_line(*input.unreadable), input.unreadable->hints.empty()
                                                ? "write the certificate chain again, in PEM form"
                                                : input.unreadable->hints.front()};
}

Outcome leaf_not_first(const RuleInput& input) {
  if (input.bundle->leaf_first) return std::nullopt;
  return Broken{fmt::format("the leaf {} is not the first certificate", named(input.chain->leaf())),
                how_to_reorder(input), when_rebuilt(input)};
}

Outcome chain_out_of_order(const RuleInput& input) {
  if (input.bundle->in_order) return std::nullopt;
  return Broken{"a certificate is not followed by the one that signed it", how_to_reorder(input), when_rebuilt(input)};
}

Outcome chain_gap(const RuleInput& input) {
  if (!input.bundle->has_gap) return std::nullopt;
  if (input.path != nullptr && input.path->trusted) return std::nullopt;  // the trust store closes it
  const auto& last = *input.chain->certificates.back();
  return Broken{fmt::format("the chain has a gap behind {}: its issuer '{}' is not among the certificates", named(last),
                            last.issuer),
                "add the missing intermediate; peers report this as `certificate chain incomplete`"};
}

Outcome chain_bad_signature(const RuleInput& input) {
  if (!input.bundle->bad_signature) return std::nullopt;
  const auto& last = *input.chain->certificates.back();
  return Broken{
      fmt::format("the signature of {} does not verify with the key of its issuer '{}'", named(last), last.issuer),
      "the certificate is damaged, or its intermediate was replaced by one of the same name: fetch both again"};
}

Outcome root_missing(const RuleInput& input) {
  if (policy_of(input).root != RootHandling::include || input.bundle->ends_in_root) {
    return std::nullopt;
  }
  return Broken{"the carrier wants the root in the chain, and it is not among the certificates",
                "append the root certificate to the chain, or set \"root\": \"omit\" on the carrier"};
}

Outcome surplus_certificates(const RuleInput& input) {
  if (input.bundle->unused.empty()) return std::nullopt;
  std::vector<std::string> names;
  names.reserve(input.bundle->unused.size());
  for (const auto& unused : input.bundle->unused) names.push_back(told_apart(*unused, *input.chain));
  return Broken{fmt::format("the chain does without {}", joined(names)), "leave them out of the chain"};
}

}  // namespace trunkform::rules::checks
