#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "providers/x509/path/checks.hpp"
#include "providers/x509/path/name_constraints.hpp"

namespace trunkform::x509::detail {
namespace {

void check_name_constraint_form(const Step& step, const Place& place, Faults& faults) {
  const auto& reading = step.reading();
  const auto& constraints = reading.name_constraints;
  if (!constraints) return;
  if (place.is_leaf() || !reading.is_authority())
    faults.add(PathCheck::name_constraints_placed, step, place, "it has nameConstraints and stands for no authority");
  if (constraints->permitted.empty() && constraints->excluded.empty())
    faults.add(PathCheck::name_constraints_filled, step, place, "its nameConstraints say nothing");
  if (constraints->with_distances) {
    faults.add(PathCheck::name_constraints_formed, step, place,
               "its nameConstraints have a minimum or maximum distance");
  }
  for (const auto* trees : {&constraints->permitted, &constraints->excluded}) {
    for (const auto& tree : *trees) {
      if (!is_well_formed(tree)) {
        faults.add(PathCheck::name_constraints_formed, step, place,
                   fmt::format("the subtree {} of its nameConstraints is malformed", described_tree(tree)));
      } else if (tree.kind == FormKind::dns && tree.value.starts_with('.')) {
        faults.add(PathCheck::dns_constraints_undotted, step, place,
                   fmt::format("the subtree {} of its nameConstraints begins with a dot", described_tree(tree)));
      }
    }
  }
}

}  // namespace

void check_constraint_forms(const Step& step, const Place& place, Faults& faults) {
  check_name_constraint_form(step, place, faults);
  const auto& policy = step.reading().policy;
  if (policy.unknown_qualifier) {
    faults.add(PathCheck::extensions_known, step, place,
               "its certificatePolicies are critical, and nobody knows one of their qualifiers");
  }
  if (policy.constraints_not_critical) {
    faults.add(PathCheck::policy_constraints_formed, step, place,
               "its policyConstraints or inhibitAnyPolicy are not critical");
  }
  if (policy.constraints_empty)
    faults.add(PathCheck::policy_constraints_formed, step, place, "its policyConstraints say nothing");
  const bool maps_any = std::any_of(policy.mappings.begin(), policy.mappings.end(), [](const auto& mapping) {
    return mapping.first == k_any_policy || mapping.second == k_any_policy;
  });
  if (maps_any) faults.add(PathCheck::policy_mappings_formed, step, place, "its policyMappings map anyPolicy");
  const std::set<std::string> distinct(policy.policies.begin(), policy.policies.end());
  if (distinct.size() != policy.policies.size())
    faults.add(PathCheck::policies_unique, step, place, "a policy stands twice among its policies");
}

}  // namespace trunkform::x509::detail
