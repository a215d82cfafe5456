#include "providers/x509/path/issuing.hpp"

namespace trunkform::x509::detail {

bool names_as_issuer(const Reading& issuer, const Reading& child) {
  if (!(issuer.subject == child.issuer)) return false;
  const auto& identifier = child.authority_key;
  if (!identifier) return true;
  if (identifier->key && issuer.subject_key && *identifier->key != issuer.subject_key->key) return false;
  if (identifier->serial && *identifier->serial != issuer.serial) return false;
  return !identifier->issuer || *identifier->issuer == issuer.issuer;
}

bool signed_by(const Step& issuer, const Step& child, Signatures* signatures) {
  const auto &of_issuer = issuer.facts->fingerprint, &of_child = child.facts->fingerprint;
  if (signatures != nullptr && signatures->knows(of_issuer, of_child)) return true;
  const bool good = issuer.parsed->signed_certificate(*child.parsed);
  if (good && signatures != nullptr) signatures->remember(of_issuer, of_child);
  return good;
}

}  // namespace trunkform::x509::detail
