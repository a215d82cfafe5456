#include "schemas/codec/certificate_names.hpp"

#include <algorithm>

#include "schemas/codec/host_name.hpp"
#include "schemas/model/issuing.hpp"

namespace trunkform {
namespace {

constexpr std::size_t k_longest_common_name = 64;
constexpr std::size_t k_longest_name = 253;  // RFC 1034 §3.1, as text
constexpr std::size_t k_longest_label = 63;
constexpr std::string_view k_digits = "0123456789";
constexpr const char* k_write_dns = "write a DNS name, such as sip.example.com, without port and path";
constexpr const char* k_write_uri = "write sip:example.com (RFC 5922 §7.1)";

bool has_any(std::string_view text, std::string_view characters) {
  return text.find_first_of(characters) != std::string_view::npos;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char one) { return static_cast<unsigned char>(one) < 0x80; });
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of(k_digits) == std::string_view::npos;
}

std::optional<NameFault> fault_of_labels(std::string_view name) {
  for (std::size_t begin = 0; begin <= name.size();) {
    const auto end = std::min(name.find('.', begin), name.size());
    const auto label = name.substr(begin, end - begin);
    if (label.empty()) return NameFault{"a dot of it has no label beside it", "write it without the dot"};
    if (label.size() > k_longest_label)
      return NameFault{"a label of it is longer than 63 characters (RFC 1034 §3.1)", k_write_dns};
    if (label.front() == '-' || label.back() == '-')
      return NameFault{"a label of it begins or ends with a hyphen (RFC 1123 §2.1)", k_write_dns};
    begin = end + 1;
  }
  return std::nullopt;
}

std::optional<NameFault> fault_of_dns_name(std::string_view name) {
  if (is_host_name(name, Wildcard::as_first_label)) return std::nullopt;
  if (name.empty() || has_any(name, " \t\r\n/\\\"'")) return NameFault{"it is no name", k_write_dns};
  if (!is_ascii(name))
    return NameFault{"a DNS name has letters of ASCII alone",
                     "write it as it stands in the DNS (RFC 5891), which begins with xn--: idn2 NAME"};
  if (name.find('@') != std::string_view::npos)
    return NameFault{"it is an e-mail address", "write a DNS name, such as sip.example.com"};
  if (name.find('_') != std::string_view::npos)
    return NameFault{"a host's name has no underscore (RFC 1123 §2.1)", "give the host a name without one"};
  if (name.find('*') != std::string_view::npos)
    return NameFault{"an asterisk stands for the whole first label alone (RFC 9525 §6.3)",
                     "write *.example.com, or each name itself"};
  if (name.size() > k_longest_name) return NameFault{"it is longer than 253 characters (RFC 1034 §3.1)", k_write_dns};
  if (is_number(name.substr(name.rfind('.') + 1)))  // npos + 1 is 0
    return NameFault{"it ends in a number, as addresses do, and is none", "write an address in full: 192.0.2.10"};
  if (auto fault = fault_of_labels(name)) return fault;
  return NameFault{"it is no name", k_write_dns};
}

std::optional<NameFault> fault_of_uri(std::string_view uri) {
  if (!uri.starts_with("sip:") && !uri.starts_with("sips:"))
    return NameFault{"of URIs only SIP's stand in certificates of SIP peers", k_write_uri};
  if (has_any(uri, "@;?"))
    return NameFault{"a certificate is for a domain, and not for a user or a service", k_write_uri};
  const auto rest = uri.substr(uri.find(':') + 1);
  const auto colon = rest.find(':');
  const auto host = rest.substr(0, colon);
  if (kind_of_name(host) == NameKind::ip || rest.starts_with('['))
    return NameFault{"a SIP URI in a certificate is that of a domain (RFC 5922 §7.1)",
                     "write the address by itself, without sip:"};
  if (colon != std::string_view::npos && !is_number(rest.substr(colon + 1)))
    return NameFault{"what follows the domain is no port", k_write_uri};
  if (is_host_name(host)) return std::nullopt;
  const auto fault = fault_of_dns_name(host);
  return NameFault{fault ? "its domain: " + fault->why : "no wildcard stands in a URI (RFC 5922 §7.2)", k_write_uri};
}

/// `sip.example.com:5061`, `192.0.2.10:5061`, `[2001:db8::10]:5061`: what stands before the port.
std::optional<std::string_view> before_port(std::string_view name) {
  const auto colon = name.rfind(':');
  if (colon == std::string_view::npos || !is_number(name.substr(colon + 1))) return std::nullopt;
  auto host = name.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) return host.substr(1, host.size() - 2);
  const bool is_host = is_host_name(host, Wildcard::as_first_label) || octets_of_address(std::string(host));
  return is_host && host.find(':') == std::string_view::npos ? std::optional(host) : std::nullopt;
}

}  // namespace

std::optional<NameFault> fault_of_name(std::string_view name) {
  if (const auto host = before_port(name))
    return NameFault{"it has a port, and a certificate is for a name, whatever its port",
                     "write it without: " + std::string(*host)};
  switch (kind_of_name(name)) {
    case NameKind::ip:
      if (octets_of_address(std::string(name))) return std::nullopt;
      return NameFault{"it is no address", "write one in full: 192.0.2.10 or 2001:db8::10"};
    case NameKind::uri:
      return fault_of_uri(name);
    default:
      return fault_of_dns_name(name);
  }
}

std::string usual_form(const std::string& name) {
  if (kind_of_name(name) != NameKind::ip) return name;
  const auto octets = octets_of_address(name);
  return octets ? address_text(*octets).value_or(name) : name;
}

std::optional<std::string> common_name_of(const std::vector<std::string>& names) {
  const auto first = std::find_if(names.begin(), names.end(), [](const std::string& name) {
    return name.size() <= k_longest_common_name && kind_of_name(name) == NameKind::dns &&
           is_host_name(name, Wildcard::as_first_label);
  });
  return first == names.end() ? std::nullopt : std::optional(*first);
}

}  // namespace trunkform
