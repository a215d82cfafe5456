#include "providers/x509/path/checks.hpp"

namespace trunkform::x509::detail {
namespace {

void check_root(const Step& step, const Place& place, Faults& faults) {
  const auto& authority = step.reading().authority_key;
  if (!authority) return;
  const auto broken = [&](const char* what) { faults.add(PathCheck::root_key_identifier, step, place, what); };
  if (authority->with_certificate) {
    broken("the root's authorityKeyIdentifier names an issuer or a serial number");
  } else if (!authority->key) {
    broken("the root's authorityKeyIdentifier has no keyIdentifier");
  } else if (step.reading().subject_key && *authority->key != step.reading().subject_key->key) {
    broken("the root's authorityKeyIdentifier is not its subjectKeyIdentifier");
  }
}

void check_authority_key(const Step& step, const Place& place, Faults& faults) {
  const auto& reading = step.reading();
  if (reading.authority_key && reading.authority_key->critical)
    faults.add(PathCheck::authority_key_identifier, step, place, "its authorityKeyIdentifier is critical");
  // Self-signed ones may leave it out, and where they have one, it is looked at as a root's.
  if (reading.self_issued && (place.is_anchor || !reading.authority_key)) return;
  if (place.is_anchor && !reading.authority_key && step.parsed->signed_certificate(*step.parsed)) return;
  if (!reading.authority_key || !reading.authority_key->key) {
    faults.add(PathCheck::authority_key_identifier, step, place,
               "it has no authorityKeyIdentifier that names its issuer's key");
  }
}

}  // namespace

void check_identifiers(const Step& step, const Place& place, Faults& faults) {
  const auto& reading = step.reading();
  check_authority_key(step, place, faults);
  if (place.is_anchor && reading.self_issued) check_root(step, place, faults);
  if (!place.is_leaf() && !reading.subject_key)
    faults.add(PathCheck::subject_key_identifier, step, place, "an authority without subjectKeyIdentifier");
  if (reading.subject_key && reading.subject_key->critical)
    faults.add(PathCheck::subject_key_identifier, step, place, "its subjectKeyIdentifier is critical");
  if (!reading.information) return;
  if (reading.information->critical)
    faults.add(PathCheck::authority_information, step, place, "its authorityInfoAccess is critical");
  if (reading.information->empty)
    faults.add(PathCheck::authority_information, step, place, "its authorityInfoAccess is empty");
}

}  // namespace trunkform::x509::detail
