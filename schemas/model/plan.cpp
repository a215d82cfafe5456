#include "schemas/model/plan.hpp"

namespace trunkform {

std::string_view to_string(Action value) {
  switch (value) {
    case Action::no_op:
      return "no-op";
    case Action::create:
      return "create";
    case Action::update:
      return "update";
    case Action::remove:
      return "delete";
    case Action::forget:
      return "forget";
    case Action::adopt:
      break;
  }
  return "adopt";
}

std::string_view to_string(Health value) {
  switch (value) {
    case Health::healthy:
      return "healthy";
    case Health::due:
      return "due";
    case Health::critical:
      return "critical";
    case Health::expired:
      return "expired";
    case Health::rule_violated:
      return "rule_violated";
    case Health::unknown:
      break;
  }
  return "unknown";
}

std::string_view to_string(Relation value) {
  switch (value) {
    case Relation::same:
      return "same";
    case Relation::newer:
      return "newer";
    case Relation::older:
      return "older";
    case Relation::sibling:
      return "sibling";
    case Relation::pending:
      return "pending";
    case Relation::unknown:
      break;
  }
  return "unknown";
}

std::string_view to_string(Cause value) {
  switch (value) {
    case Cause::not_due:
      return "not_due";
    case Cause::resumed:
      return "resumed";
    case Cause::forced:
      return "forced";
    case Cause::new_binding:
      return "new";
    case Cause::adopted:
      return "adopted";
    case Cause::unmanaged:
      return "unmanaged";
    case Cause::changed:
      return "changed";
    case Cause::rule_violated:
      return "rule_violated";
    case Cause::drifted:
      return "drifted";
    case Cause::chain_repair:
      return "chain_repair";
    case Cause::due:
      return "due";
    case Cause::available:
      return "available";
    case Cause::removed:
      return "removed";
    case Cause::destroyed:
      break;
  }
  return "destroyed";
}

std::string_view to_string(IssueCause value) {
  switch (value) {
    case IssueCause::none:
      return "none";
    case IssueCause::resumed:
      return "resumed";
    case IssueCause::forced:
      return "forced";
    case IssueCause::first:
      return "first";
    case IssueCause::names_changed:
      return "names_changed";
    case IssueCause::key_changed:
      return "key_changed";
    case IssueCause::issuer_changed:
      return "issuer_changed";
    case IssueCause::revoked:
      return "revoked";
    case IssueCause::due:
      break;
  }
  return "due";
}

std::string_view to_string(Gate value) {
  switch (value) {
    case Gate::none:
      return "none";
    case Gate::trunk_missing:
      return "trunk_missing";
    case Gate::trunk_ambiguous:
      return "trunk_ambiguous";
    case Gate::trunk_replaced:
      return "trunk_replaced";
    case Gate::bound_twice:
      return "bound_twice";
    case Gate::wrong_organisation:
      return "wrong_organisation";
    case Gate::owned_elsewhere:
      return "owned_elsewhere";
    case Gate::live_unknown:
      return "live_unknown";
    case Gate::source_unreachable:
      return "source_unreachable";
    case Gate::quarantined:
      return "quarantined";
    case Gate::rule_failed:
      return "rule_failed";
    case Gate::unmanaged:
      return "unmanaged";
    case Gate::older_than_live:
      return "older_than_live";
    case Gate::stale_configuration:
      return "stale_configuration";
    case Gate::reverted_outside:
      return "reverted_outside";
    case Gate::prevent_destroy:
      break;
  }
  return "prevent_destroy";
}

std::string_view to_string(Evidence value) {
  switch (value) {
    case Evidence::none:
      return "none";
    case Evidence::api:
      return "api";
    case Evidence::wire:
      return "wire";
    case Evidence::state:
      break;
  }
  return "state";
}

std::string_view to_string(Capability value) {
  switch (value) {
    case Capability::sealed:
      return "sealed";
    case Capability::partial:
      return "partial";
    case Capability::opaque:
      break;
  }
  return "opaque";
}

PlanCounts count(const Plan& plan, Instant now) {
  PlanCounts counts;
  for (const auto& issue : plan.issues) {
    if (issue.issues()) ++counts.issue;
    if (issue.error) ++counts.errors;
  }
  for (const auto& change : plan.changes) {
    if (change.gate != Gate::none || change.error) ++counts.errors;
    if (change.gate != Gate::none) continue;
    if (change.held_back) {
      ++counts.held_back;
      continue;
    }
    switch (change.action) {
      case Action::no_op:
        ++counts.no_op;
        break;
      case Action::create:
        ++counts.create;
        break;
      case Action::update:
        ++counts.update;
        break;
      case Action::remove:
        ++counts.remove;
        break;
      case Action::forget:
        ++counts.forget;
        break;
      case Action::adopt:
        ++counts.adopt;
        break;
    }
    if (change.writes() && change.not_before && *change.not_before > now) ++counts.deferred;
  }
  return counts;
}

bool leaves_the_trunk_to_us(Gate gate) {
  switch (gate) {
    case Gate::none:
    case Gate::source_unreachable:
    case Gate::quarantined:
    case Gate::rule_failed:
    case Gate::older_than_live:
      return true;
    default:
      return false;
  }
}

}  // namespace trunkform
