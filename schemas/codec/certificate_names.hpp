#pragma once
// The names that a certificate may be asked for, judged before anybody is asked and before a key is made. What kind of
// name each is says `kind_of_name`. Pure and thread-safe.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkform {

/// Why a name cannot stand in a certificate of a SIP peer, and what to write instead; for people, lower case.
struct NameFault {
  std::string why;
  std::string hint;
};

/// DNS names in the preferred syntax (RFC 1123 §2.1) or with a wildcard as their first label, addresses in full, and
/// SIP URIs of a domain (RFC 5922 §7.1). None: it can.
std::optional<NameFault> fault_of_name(std::string_view name);

/// A name as certificates are read: addresses in their usual notation (`address_text`), others as they are.
std::string usual_form(const std::string& name);

/// The first DNS name that is short enough to stand for the whole in a common name (RFC 5280, ub-common-name); none
/// where there is no such name.
std::optional<std::string> common_name_of(const std::vector<std::string>& names);

}  // namespace trunkform
