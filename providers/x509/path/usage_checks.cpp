#include "providers/x509/path/checks.hpp"

namespace trunkform::x509::detail {
namespace {

void check_key_usage(const Step& step, const Place& place, Faults& faults) {
  const auto& reading = step.reading();
  const auto& constraints = reading.basic_constraints;
  const bool signs = reading.key_usage && reading.key_usage->cert_sign;
  if (reading.key_usage && reading.key_usage->empty)
    faults.add(PathCheck::key_usage_filled, step, place, "its keyUsage allows nothing");
  if (signs && !reading.is_authority()) {
    faults.add(PathCheck::key_usage_agrees, step, place,
               "its keyUsage has keyCertSign, and by its basicConstraints it is no authority");
  }
  if (!constraints || !constraints->path_length) return;
  if (constraints->path_length_negative)
    faults.add(PathCheck::path_length_placed, step, place, "its pathLenConstraint is negative");
  if (!constraints->is_authority || (reading.key_usage && !signs)) {
    faults.add(PathCheck::path_length_placed, step, place,
               "it has a pathLenConstraint and is no authority that may sign certificates");
  }
}

void check_leaf_usages(const Step& step, const Place& place, Faults& faults) {
  const auto& usages = step.reading().usages;
  if (!usages) {
    faults.add(PathCheck::usages_stated, step, place, "it has no extendedKeyUsage");
    return;
  }
  if (usages->lists(k_any_usage))
    faults.add(PathCheck::usages_named, step, place, "its extendedKeyUsage says anyExtendedKeyUsage");
  if (usages->critical) faults.add(PathCheck::usages_not_critical, step, place, "its extendedKeyUsage is critical");
}

}  // namespace

void check_usages(const Step& step, const Place& place, Faults& faults) {
  const auto& reading = step.reading();
  check_key_usage(step, place, faults);
  if (reading.is_authority() && !reading.basic_constraints->critical) {
    faults.add(PathCheck::basic_constraints_critical, step, place,
               "it is an authority, and its basicConstraints are not critical");
  }
  if (reading.usages && reading.usages->dotted.empty())
    faults.add(PathCheck::usages_filled, step, place, "its extendedKeyUsage lists no usage");
  if (place.is_leaf()) check_leaf_usages(step, place, faults);
  if (place.is_anchor && reading.self_issued && reading.usages)
    faults.add(PathCheck::root_without_usages, step, place, "the root has an extendedKeyUsage");
}

}  // namespace trunkform::x509::detail
