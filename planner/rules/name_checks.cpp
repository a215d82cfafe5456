#include <algorithm>

#include <fmt/format.h>

#include "planner/rules/checks.hpp"
#include "planner/rules/names.hpp"
#include "schemas/model/some_of.hpp"

namespace trunkform::rules::checks {
namespace {

constexpr std::size_t k_shown = 10;

std::string shown(const std::vector<std::string_view>& names) {
  if (names.empty()) return "none";
  return some_of({names.begin(), names.end()}, k_shown);
}

std::vector<std::string> with(const RuleInput& input, NameMatch match) {
  std::vector<std::string> names;
  for (const auto& name : input.names) {
    if (match_name(input.chain->leaf(), name, policy_of(input).identity_rules) == match) names.push_back(name);
  }
  return names;
}

/// Where a wildcard of the certificate would do, what it takes for it to count.
std::string about_wildcards(const RuleInput& input, const std::vector<std::string>& missing) {
  const auto covered = [&](const std::string& name) {
    return match_name(input.chain->leaf(), name, IdentityRules::rfc6125) == NameMatch::wildcard;
  };
  if (std::none_of(missing.begin(), missing.end(), covered)) return {};
  if (policy_of(input).identity_rules == IdentityRules::rfc6125)
    return "; its wildcard counts only with \"allow_wildcard\": true on the carrier";
  return "; RFC 5922 knows no wildcards: where the carrier matches as web clients do, set \"identity_rules\": "
         "\"rfc6125\" "
         "and \"allow_wildcard\": true on it";
}

std::string_view rules_name(const RuleInput& input) {
  return policy_of(input).identity_rules == IdentityRules::rfc5922 ? "RFC 5922" : "RFC 6125";
}

}  // namespace

Outcome no_alternative_name(const RuleInput& input) {
  if (!input.chain->leaf().names.empty()) return std::nullopt;
  return Broken{fmt::format("{} has no subjectAltName; the common name counts for nothing", named(input.chain->leaf())),
                "request it again with its names as subjectAltName"};
}

Outcome name_mismatch(const RuleInput& input) {
  auto missing = with(input, NameMatch::none);
  if (!policy_of(input).allow_wildcard) {
    for (auto& name : with(input, NameMatch::wildcard)) missing.push_back(std::move(name));
  }
  if (missing.empty()) return std::nullopt;
  const auto have = identities(input.chain->leaf(), policy_of(input).identity_rules);
  return Broken{fmt::format("the peer expects {}; by {} the certificate speaks for {}", joined(missing),
                            rules_name(input), shown(have)),
                "correct `identity`, or request a certificate with these names" + about_wildcards(input, missing)};
}

Outcome wildcard_name(const RuleInput& input) {
  if (!policy_of(input).allow_wildcard) return std::nullopt;
  const auto names = with(input, NameMatch::wildcard);
  if (names.empty()) return std::nullopt;
  return Broken{fmt::format("{} is covered by a wildcard only", joined(names)),
                "RFC 5922 forbids wildcards: strict peers refuse it; request the name itself"};
}

}  // namespace trunkform::rules::checks
