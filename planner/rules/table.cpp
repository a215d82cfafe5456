#include <array>

#include "planner/rules/checks.hpp"

namespace trunkform::rules {
namespace {

constexpr auto k_block = Verdict::block;
constexpr auto k_warn = Verdict::warn;

// In the order in which a person mends: readable, the right pair, in time, complete, trusted, for us, strong, remarks.
constexpr std::array k_table{
    Rule{"pem_unreadable", k_block, "RFC 7468 §5", "the certificates can be read", Needs::text, checks::pem_unreadable},
    Rule{"key_unreadable", k_block, "RFC 5958", "the private key can be read", Needs::key, checks::key_unreadable},
    Rule{"key_encrypted", k_block, "RFC 5958 §3", "the private key is not encrypted, or its passphrase opens it",
         Needs::key, checks::key_encrypted, checks::behind_unreadable_key},
    Rule{"key_mismatch", k_block, "RFC 8446 §4.4.3", "the private key belongs to the leaf", Needs::key,
         checks::key_mismatch, checks::behind_closed_key},
    Rule{"certificate_expired", k_block, "RFC 5280 §4.1.2.5", "the leaf has not ended", Needs::chain,
         checks::certificate_expired},
    Rule{"certificate_not_yet_valid", k_block, "RFC 5280 §4.1.2.5", "the leaf has begun", Needs::chain,
         checks::certificate_not_yet_valid},
    Rule{"certificate_too_young", k_block, "min_age", "the certificate is old enough for late clocks", Needs::chain,
         checks::certificate_too_young, checks::before_it_begins},
    Rule{"leaf_not_first", k_block, "RFC 8446 §4.4.2", "the leaf comes first", Needs::bundle, checks::leaf_not_first},
    Rule{"chain_out_of_order", k_block, "RFC 8446 §4.4.2", "each certificate is followed by its issuer", Needs::bundle,
         checks::chain_out_of_order, checks::behind_wrong_leaf},
    Rule{"chain_gap", k_block, "RFC 5280 §6.1", "no intermediate is missing in between", Needs::bundle,
         checks::chain_gap, checks::behind_bad_signature},
    Rule{"chain_bad_signature", k_block, "RFC 5280 §6.1.3", "each signature verifies", Needs::bundle,
         checks::chain_bad_signature},
    Rule{"chain_incomplete", k_block, "RFC 5280 §6.1", "every issuer is sent or trusted", Needs::path,
         checks::chain_incomplete, checks::behind_broken_chain},
    Rule{"root_not_trusted", k_block, "RFC 5280 §6.1.1", "the path ends in the trust store", Needs::path,
         checks::root_not_trusted, checks::behind_open_path},
    Rule{"issuer_expired", k_block, "RFC 5280 §6.1.3", "every issuer in the path is valid now", Needs::path,
         checks::issuer_expired, checks::behind_refused_path},
    Rule{"path_refused", k_block, "RFC 5280 §6", "the path check finds no other fault", Needs::path,
         checks::path_refused, checks::behind_named_fault},
    Rule{"revoked", k_block, "RFC 5280 §6.3", "nothing at hand says that it is revoked", Needs::revocation,
         checks::revoked},
    Rule{"root_missing", k_block, "carrier root = include", "the root is there where the carrier wants it",
         Needs::bundle, checks::root_missing},
    Rule{"leaf_is_authority", k_block, "RFC 5280 §4.2.1.9", "the leaf is no certificate authority", Needs::chain,
         checks::leaf_is_authority},
    Rule{"no_alternative_name", k_block, "RFC 5922 §7.1", "it has a subjectAltName", Needs::chain,
         checks::no_alternative_name},
    Rule{"name_mismatch", k_block, "RFC 5922 §7.2", "it speaks for every name that the peer expects", Needs::names,
         checks::name_mismatch, checks::without_names, "RFC 6125 §6.4"},
    Rule{"not_for_servers", k_block, "RFC 5280 §4.2.1.12", "it may be used by servers", Needs::chain,
         checks::not_for_servers},
    Rule{"not_for_clients", k_block, "RFC 5280 §4.2.1.12", "it may be used by clients where TLS is mutual",
         Needs::chain, checks::not_for_clients},
    Rule{"key_usage_without_signing", k_block, "RFC 8446 §4.4.2.2", "its key may sign handshakes", Needs::chain,
         checks::key_usage_without_signing},
    Rule{"key_too_weak", k_block, "CA/B BR §6.1.5", "RSA keys are large enough", Needs::chain, checks::key_too_weak},
    Rule{"curve_not_allowed", k_block, "CA/B BR §6.1.5", "curves are P-256, P-384 or P-521", Needs::chain,
         checks::curve_not_allowed},
    Rule{"key_algorithm_unfit", k_block, "CA/B BR §6.1.5", "keys are RSA or ECDSA", Needs::chain,
         checks::key_algorithm_unfit},
    Rule{"weak_signature", k_block, "CA/B BR §7.1.3.2",
         "signatures in the path are RSA or ECDSA with SHA-256, SHA-384 or SHA-512", Needs::chain,
         checks::weak_signature},
    Rule{"key_type_not_allowed", k_block, "carrier key_types", "the carrier allows this type of key", Needs::chain,
         checks::key_type_not_allowed},
    Rule{"issuer_not_allowed", k_block, "carrier issuers", "the carrier allows this issuer", Needs::chain,
         checks::issuer_not_allowed},
    Rule{"path_ends_first", k_warn, "RFC 5280 §6.1.3", "nothing in the path ends before the leaf", Needs::chain,
         checks::path_ends_first},
    Rule{"wildcard_name", k_warn, "RFC 5922 §7.2", "no name is covered by a wildcard alone", Needs::names,
         checks::wildcard_name, checks::without_names},
    Rule{"ecdsa_after_rsa", k_warn, "RFC 8422 §2", "the kind of key stays, or the carrier says which it allows",
         Needs::previous, checks::ecdsa_after_rsa},
    Rule{"lifetime_above_limit", k_warn, "CA/B BR §6.3.2", "it lives no longer than public authorities may issue",
         Needs::chain, checks::lifetime_above_limit},
    Rule{"path_remarks", k_warn, "CA/B BR §7.1", "the path check has no remark", Needs::path, checks::path_remarks},
    Rule{"key_reused", k_warn, "NIST SP 800-57 §5.3", "its key is not that of the certificate before", Needs::previous,
         checks::key_reused},
    Rule{"new_issuer", k_warn, "RFC 5280 §4.1.2.4", "the issuer is that of the certificate before", Needs::previous,
         checks::new_issuer},
    Rule{"surplus_certificates", k_warn, "RFC 8446 §4.4.2", "every certificate is needed", Needs::bundle,
         checks::surplus_certificates},
};

bool at_hand(const RuleInput& input, Needs needs) {
  switch (needs) {
    case Needs::text:
      return true;
    case Needs::chain:
      return input.chain != nullptr;
    case Needs::bundle:
      return input.chain != nullptr && input.bundle != nullptr;
    case Needs::path:
      return input.chain != nullptr && input.path != nullptr;
    case Needs::revocation:
      return input.chain != nullptr && input.revocation != Revocation::unknown;
    case Needs::key:
      return input.chain != nullptr && input.key != nullptr;
    case Needs::names:
      return input.chain != nullptr && !input.names.empty();
    case Needs::previous:
      return input.chain != nullptr && input.previous != nullptr;
  }
  return false;
}

std::string_view hidden_by(const Rule& rule, const RuleInput& input) {
  return rule.hidden_by == nullptr ? std::string_view() : rule.hidden_by(input);
}

std::string clause_of(const Rule& rule, const RuleInput& input) {
  const bool by_web = checks::policy_of(input).identity_rules == IdentityRules::rfc6125;
  return std::string(by_web && !rule.clause_of_web.empty() ? rule.clause_of_web : rule.clause);
}

Finding finding_of(const Rule& rule, std::string clause, Broken broken) {
  return {std::string(rule.name), broken.verdict.value_or(rule.verdict), std::move(clause), std::move(broken.message),
          std::move(broken.mend)};
}

enum class Kept { left_out, listed };

std::vector<Finding> judge_as(const RuleInput& input, Kept kept) {
  std::vector<Finding> findings;
  for (const auto& rule : k_table) {
    if (!at_hand(input, rule.needs) || !hidden_by(rule, input).empty()) continue;
    if (auto broken = rule.check(input)) {
      findings.push_back(finding_of(rule, clause_of(rule, input), std::move(*broken)));
    } else if (kept == Kept::listed) {
      findings.push_back({std::string(rule.name), Verdict::pass, clause_of(rule, input), std::string(rule.good), ""});
    }
  }
  return findings;
}

}  // namespace

std::span<const Rule> table() { return k_table; }
std::vector<Finding> judge(const RuleInput& input) { return judge_as(input, Kept::left_out); }
std::vector<Finding> judge_all(const RuleInput& input) { return judge_as(input, Kept::listed); }

std::vector<Unjudged> unjudged(const RuleInput& input) {
  std::vector<Unjudged> rules;
  for (const auto& rule : k_table) {
    if (!at_hand(input, rule.needs)) continue;
    if (const auto before = hidden_by(rule, input); !before.empty()) rules.push_back({rule.name, before});
  }
  return rules;
}

}  // namespace trunkform::rules
