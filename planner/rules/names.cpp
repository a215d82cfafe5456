#include "planner/rules/names.hpp"

#include <algorithm>
#include <optional>

namespace trunkform::rules {
namespace {

char lower(char character) {
  return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a') : character;
}

bool equal(std::string_view a, std::string_view b) {  // RFC 5922 §7.2: ASCII case only, whole
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && equal(text.substr(0, prefix.size()), prefix);
}

/// The host of a SIP URI that names a domain; none where it has userinfo: that is a person (RFC 5922 §7.1).
std::optional<std::string_view> sip_host(std::string_view uri, std::string_view scheme) {
  if (!starts_with(uri, scheme)) return std::nullopt;
  uri.remove_prefix(scheme.size());
  if (uri.empty() || uri.find('@') != std::string_view::npos) return std::nullopt;
  if (uri.front() == '[') {
    const auto end = uri.find(']');
    return end == std::string_view::npos ? std::nullopt : std::optional(uri.substr(0, end + 1));
  }
  const auto host = uri.substr(0, uri.find_first_of(":;?"));
  return host.empty() ? std::nullopt : std::optional(host);
}

using Names = std::vector<std::string_view>;

Names uri_hosts(const CertificateFacts& certificate, std::initializer_list<std::string_view> schemes) {
  Names hosts;
  for (const auto& name : certificate.names) {
    if (name.kind != NameKind::uri) continue;
    for (const auto scheme : schemes) {
      if (const auto host = sip_host(name.value, scheme)) hosts.emplace_back(*host);
    }
  }
  return hosts;
}

bool is_address(std::string_view name) {
  const auto digit_or_dot = [](char one) { return (one >= '0' && one <= '9') || one == '.'; };
  return name.find(':') != std::string_view::npos || std::all_of(name.begin(), name.end(), digit_or_dot);
}

/// A DNS name that is an address is none (RFC 5280 §4.2.1.6), and would get round what authorities above it say of
/// addresses.
void add_kind(Names& names, const CertificateFacts& certificate, NameKind kind) {
  for (const auto& name : certificate.names) {
    if (name.kind == kind && (kind != NameKind::dns || !is_address(name.value))) names.push_back(name.value);
  }
}

/// RFC 6125 §6.4.3, RFC 9525 §6.3: the whole left-most label, with at least two labels behind it.
bool wildcard_covers(std::string_view pattern, std::string_view name) {
  if (!pattern.starts_with("*.") || is_address(name)) return false;
  const auto rest = pattern.substr(1);
  const auto dot = name.find('.');
  if (dot == std::string_view::npos || dot == 0 || rest.find('*') != std::string_view::npos) return false;
  if (rest.find('.', 1) == std::string_view::npos) return false;
  return equal(name.substr(dot), rest);
}

}  // namespace

std::vector<std::string_view> identities(const CertificateFacts& certificate, IdentityRules rules) {
  if (rules == IdentityRules::rfc5922) {
    auto names = uri_hosts(certificate, {"sip:"});
    if (names.empty()) add_kind(names, certificate, NameKind::dns);
    return names;
  }
  Names names;
  add_kind(names, certificate, NameKind::dns);
  add_kind(names, certificate, NameKind::ip);
  for (const auto host : uri_hosts(certificate, {"sip:", "sips:"})) names.push_back(host);
  return names;
}

NameMatch match_name(const CertificateFacts& certificate, std::string_view name, IdentityRules rules) {
  if (const auto host = sip_host(name, "sip:")) name = *host;
  bool by_wildcard = false;
  for (const auto identity : identities(certificate, rules)) {
    // A literal asterisk in the declared name asks for nothing that exists in the DNS.
    if (name.find('*') == std::string_view::npos && equal(identity, name)) return NameMatch::exact;
    // RFC 5922 §7.2: no form of wildcard matches anything.
    by_wildcard = by_wildcard || (rules == IdentityRules::rfc6125 && wildcard_covers(identity, name));
  }
  return by_wildcard ? NameMatch::wildcard : NameMatch::none;
}

}  // namespace trunkform::rules
