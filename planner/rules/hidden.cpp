// Which fault makes it impossible to say whether another rule is kept: a path that ends in nothing has no root to
// trust.
#include <algorithm>

#include "planner/rules/checks.hpp"

namespace trunkform::rules::checks {
namespace {

bool path_has(const RuleInput& input, PathProblem problem) { return input.path->problem == problem; }

/// The rule that names the fault for which the path ends in nothing.
std::string_view why_open(const RuleInput& input) {
  const auto chain_is_broken = behind_broken_chain(input);
  return chain_is_broken.empty() ? "chain_incomplete" : chain_is_broken;
}

}  // namespace

std::string_view behind_unreadable_key(const RuleInput& input) {
  return input.key->form == KeyFacts::Form::unreadable ? "key_unreadable" : "";
}

std::string_view behind_closed_key(const RuleInput& input) {
  if (input.key->public_key.spki != Fingerprint{}) return "";
  return input.key->form == KeyFacts::Form::encrypted ? "key_encrypted" : "key_unreadable";
}

std::string_view before_it_begins(const RuleInput& input) {
  return input.now < input.chain->leaf().not_before ? "certificate_not_yet_valid" : "";
}

std::string_view behind_wrong_leaf(const RuleInput& input) { return input.bundle->leaf_first ? "" : "leaf_not_first"; }

std::string_view behind_bad_signature(const RuleInput& input) {
  return input.bundle->bad_signature ? "chain_bad_signature" : "";
}

std::string_view behind_broken_chain(const RuleInput& input) {
  if (!path_has(input, PathProblem::no_issuer) || input.bundle == nullptr) return "";
  if (input.bundle->bad_signature) return "chain_bad_signature";
  return input.bundle->has_gap ? "chain_gap" : "";
}

std::string_view behind_open_path(const RuleInput& input) {
  return path_has(input, PathProblem::no_issuer) ? why_open(input) : "";
}

std::string_view behind_untrusted_path(const RuleInput& input) {
  return path_has(input, PathProblem::untrusted_root) ? "root_not_trusted" : behind_open_path(input);
}

/// Weak keys and signatures above the leaf have rules of their own, with words of their own.
std::string_view behind_named_fault(const RuleInput& input) {
  const auto& faults = input.path->faults;
  const bool are_all_of_strength = path_has(input, PathProblem::other) && !faults.empty() &&
                                   std::all_of(faults.begin(), faults.end(), [](const PathFault& fault) {
                                     return fault.verdict != Verdict::block || fault.check == PathCheck::issuer_key ||
                                            fault.check == PathCheck::signature_strength;
                                   });
  if (are_all_of_strength) {
    if (key_too_weak(input)) return "key_too_weak";
    if (curve_not_allowed(input)) return "curve_not_allowed";
    if (key_algorithm_unfit(input)) return "key_algorithm_unfit";
    if (weak_signature(input)) return "weak_signature";
  }
  return behind_untrusted_path(input);
}

std::string_view behind_refused_path(const RuleInput& input) {
  return path_has(input, PathProblem::other) ? "path_refused" : behind_untrusted_path(input);
}

std::string_view without_names(const RuleInput& input) {
  return input.chain->leaf().names.empty() ? "no_alternative_name" : "";
}

}  // namespace trunkform::rules::checks
