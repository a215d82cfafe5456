#include <fmt/format.h>

#include "planner/rules/checks.hpp"
#include "schemas/model/some_of.hpp"

namespace trunkform::rules::checks {
namespace {

std::string store_of(const RuleInput& input) {
  const auto& carrier = policy_of(input);
  if (!carrier.trust_store) return "the system's trust store";
  return carrier.label.empty() ? "the given trust store"
                               : fmt::format("the trust store of carrier '{}'", carrier.label);
}

bool has(const RuleInput& input, PathProblem problem) { return input.path->problem == problem; }

/// A long name constraint breaks for each of a thousand names.
constexpr std::size_t k_faults_shown = 3;

std::string described(const std::vector<const PathFault*>& faults) {
  std::vector<std::string> texts;
  for (const auto* fault : faults) {
    const auto& check = info(fault->check);
    texts.push_back(fmt::format("{}: {} (certificate {} of the path, '{}'; {})", check.name, fault->what, fault->depth,
                                fault->subject, check.clause));
  }
  return some_of(texts, k_faults_shown);
}

std::vector<const PathFault*> faults_with(const RuleInput& input, Verdict verdict) {
  std::vector<const PathFault*> faults;
  for (const auto& fault : input.path->faults)
    if (fault.verdict == verdict) faults.push_back(&fault);
  return faults;
}

}  // namespace

Outcome chain_incomplete(const RuleInput& input) {
  if (!has(input, PathProblem::no_issuer)) return std::nullopt;
  const auto& last = *input.chain->certificates.back();
  return Broken{
      fmt::format("certificate chain incomplete: the issuer '{}' of {} is neither sent nor in {}", last.issuer,
                  named(last), store_of(input)),
      fmt::format(
          "append the missing intermediates to the chain (the authority's full chain file has them); if '{}' is "
          "the root, add it to the carrier's trust_store",
          last.issuer)};
}

Outcome root_not_trusted(const RuleInput& input) {
  if (!has(input, PathProblem::untrusted_root)) return std::nullopt;
  return Broken{
      fmt::format("no path to {}: it ends in '{}', which is not trusted there", store_of(input),
                  input.chain->certificates.back()->issuer),
      "take a certificate of an authority that the carrier trusts, or add its root to the carrier's trust_store"};
}

Outcome issuer_expired(const RuleInput& input) {
  if (!has(input, PathProblem::expired) && !has(input, PathProblem::not_yet_valid)) return std::nullopt;
  const auto now = std::chrono::floor<std::chrono::seconds>(input.now);
  for (std::size_t depth = 1; depth < input.path->path.size(); ++depth) {
    const auto& issuer = *input.path->path[depth];
    if (issuer.not_before <= now && now <= issuer.not_after) continue;
    return Broken{fmt::format("{}, {} above the leaf, is valid from {} to {} only", named(issuer), depth,
                              to_rfc3339(issuer.not_before), to_rfc3339(issuer.not_after)),
                  "ask the authority for the chain by its current intermediate or root"};
  }
  return std::nullopt;
}

Outcome path_refused(const RuleInput& input) {
  if (!has(input, PathProblem::other)) return std::nullopt;
  const auto faults = faults_with(input, Verdict::block);
  return Broken{
      fmt::format("no path to {}: {}", store_of(input),
                  faults.empty() ? fmt::format("{} (certificate {} of the path, the leaf is 0)", input.path->failure,
                                               input.path->failure_depth)
                                 : described(faults)),
      "see each check with: trunkform certificate check FILE; ask the authority for a chain without this fault"};
}

Outcome path_remarks(const RuleInput& input) {
  const auto faults = faults_with(input, Verdict::warn);
  if (faults.empty()) return std::nullopt;
  return Broken{fmt::format("web clients would refuse it: {}", described(faults)),
                "for a private authority this is no more than a remark; ask it for certificates without, and set "
                "\"identity_rules\": \"rfc6125\" on the carrier where its peers judge as web clients do"};
}

Outcome revoked(const RuleInput& input) {
  if (input.revocation != Revocation::revoked) return std::nullopt;
  return Broken{fmt::format("{} or one of its issuers is revoked", named(input.chain->leaf())),
                "issue a new certificate with a new key, and set replace_compromised where the key is lost"};
}

}  // namespace trunkform::rules::checks
