#pragma once
// The checks of the table, in its groups. Inside this room only; table.cpp gives them names, verdicts and clauses.
#include <optional>

#include "planner/rules/rules.hpp"

namespace trunkform::rules::checks {

using Outcome = std::optional<Broken>;

// bundle_checks.cpp: what the PEM holds, in which order
Outcome pem_unreadable(const RuleInput& input);
Outcome leaf_not_first(const RuleInput& input);
Outcome chain_out_of_order(const RuleInput& input);
Outcome chain_gap(const RuleInput& input);
Outcome chain_bad_signature(const RuleInput& input);
Outcome root_missing(const RuleInput& input);
Outcome surplus_certificates(const RuleInput& input);

// key_checks.cpp: the private key
Outcome key_unreadable(const RuleInput& input);
Outcome key_encrypted(const RuleInput& input);
Outcome key_mismatch(const RuleInput& input);

// validity_checks.cpp: time
Outcome certificate_expired(const RuleInput& input);
Outcome certificate_not_yet_valid(const RuleInput& input);
Outcome certificate_too_young(const RuleInput& input);
Outcome path_ends_first(const RuleInput& input);
Outcome lifetime_above_limit(const RuleInput& input);

// path_checks.cpp: the way to the trust store
Outcome chain_incomplete(const RuleInput& input);
Outcome root_not_trusted(const RuleInput& input);
Outcome issuer_expired(const RuleInput& input);
Outcome path_refused(const RuleInput& input);
Outcome path_remarks(const RuleInput& input);
Outcome revoked(const RuleInput& input);

// name_checks.cpp: whom it speaks for
Outcome no_alternative_name(const RuleInput& input);
Outcome name_mismatch(const RuleInput& input);
Outcome wildcard_name(const RuleInput& input);

// usage_checks.cpp: what it may be used for
Outcome leaf_is_authority(const RuleInput& input);
Outcome not_for_servers(const RuleInput& input);
Outcome not_for_clients(const RuleInput& input);
Outcome key_usage_without_signing(const RuleInput& input);

// strength_checks.cpp: algorithms, and what the carrier allows
Outcome key_too_weak(const RuleInput& input);
Outcome curve_not_allowed(const RuleInput& input);
Outcome key_algorithm_unfit(const RuleInput& input);
Outcome weak_signature(const RuleInput& input);
Outcome key_type_not_allowed(const RuleInput& input);
Outcome issuer_not_allowed(const RuleInput& input);

// history_checks.cpp: compared with the certificate before
Outcome ecdsa_after_rsa(const RuleInput& input);
Outcome key_reused(const RuleInput& input);
Outcome new_issuer(const RuleInput& input);

// hidden.cpp: the rule that stands in front of another; empty where that one can be judged
std::string_view behind_unreadable_key(const RuleInput& input);
std::string_view behind_closed_key(const RuleInput& input);
std::string_view before_it_begins(const RuleInput& input);
std::string_view behind_wrong_leaf(const RuleInput& input);
std::string_view behind_bad_signature(const RuleInput& input);
std::string_view behind_broken_chain(const RuleInput& input);
std::string_view behind_open_path(const RuleInput& input);
std::string_view behind_untrusted_path(const RuleInput& input);
std::string_view behind_named_fault(const RuleInput& input);
std::string_view behind_refused_path(const RuleInput& input);
std::string_view without_names(const RuleInput& input);

/// The carrier's decisions, or the defaults.
const CarrierPolicy& policy_of(const RuleInput& input);
/// As `key_types` of a carrier has it, `ecdsa_p256`; empty for keys that it has no word for.
std::string key_type_word(const PublicKeyFacts& key);
/// `'CN=…'`, and its end where it helps.
std::string named(const CertificateFacts& certificate);
std::string joined(const std::vector<std::string>& words);

}  // namespace trunkform::rules::checks
