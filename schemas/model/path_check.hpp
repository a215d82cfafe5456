#pragma once
// The named checks of the strict path validator: what each is called, which clause it keeps, and what is so when it is
// kept. Judged by providers/x509/path, shown by planner/rules and `certificate check`. docs/certificate-checks.md is
// made from this table.
#include <span>
#include <string>
#include <string_view>

#include "schemas/model/finding.hpp"

namespace trunkform {

/// In the order in which they are shown: the form of each certificate, what an issuer may do, the path as a whole.
enum class PathCheck {
  version,
  encoding_distinguished,
  serial_number,
  signature_algorithms_agree,
  issuer_named,
  authority_named,
  extensions_unique,
  extensions_readable,
  extensions_known,
  alternative_names_filled,
  alternative_names_critical,
  alternative_names_not_critical,
  host_names_formed,
  common_name_listed,
  authority_key_identifier,
  root_key_identifier,
  subject_key_identifier,
  authority_information,
  key_usage_filled,
  key_usage_agrees,
  path_length_placed,
  basic_constraints_critical,
  usages_filled,
  usages_stated,
  usages_named,
  usages_not_critical,
  root_without_usages,
  name_constraints_placed,
  name_constraints_filled,
  name_constraints_formed,
  dns_constraints_undotted,
  policy_constraints_formed,
  policy_mappings_formed,
  policies_unique,
  rsa_size,
  rsa_exponent,
  issuer_is_authority,
  issuer_may_sign,
  issuer_usages,
  issuer_key,
  signature_strength,
  signature,
  path_length,
  path_depth,
  names_permitted,
  names_excluded,
  name_constraints_effort,
  explicit_policy,
  list_usable,
  list_number,
};

/// Whether a broken check keeps the path from being trusted everywhere, or only where the peer judges as web clients do
/// (identity_rules = rfc6125); elsewhere it is a remark: private authorities of carriers break these, and their peers
/// do not mind (docs/decisions/0300).
enum class CheckForce { always, web };

struct PathCheckInfo {
  PathCheck check;
  std::string_view name;    ///< stable, `names_permitted`
  CheckForce below;         ///< for the leaf and the intermediates
  CheckForce anchor;        ///< for what the trust store holds
  std::string_view clause;  ///< `RFC 5280 §6.1.3 (b)`
  std::string_view good;    ///< what is so when it is kept
};

/// All of them, in the order of the enumeration.
std::span<const PathCheckInfo> path_checks();
const PathCheckInfo& info(PathCheck check);

/// One broken check.
struct PathFault {
  PathCheck check{};
  Verdict verdict = Verdict::block;  ///< warn or block
  int depth = 0;                     ///< of the certificate in the path; 0 is the leaf
  std::string subject;               ///< of that certificate, RFC 4514 (foreign text)
  std::string what;                  ///< with the values, `the serial number is zero`
  friend bool operator==(const PathFault&, const PathFault&) = default;
};

}  // namespace trunkform
