#pragma once
// The syntax of the names that certificates and URIs are of. Pure.
#include <optional>
#include <string>
#include <string_view>

namespace trunkform {

enum class Wildcard { no, as_first_label };

/// The preferred name syntax of RFC 1034 §3.5 as RFC 1123 §2.1 changed it, at least one label, no address, no dot at
/// the end. A wildcard needs a label behind it.
bool is_host_name(std::string_view name, Wildcard wildcard = Wildcard::no);

/// The usual notation of four or sixteen octets (RFC 3986 §3.2.2, RFC 5952 §4); none for others.
std::optional<std::string> address_text(std::string_view octets);

/// Of an address in any notation that a resolver takes, also with hexadecimal, octal or missing parts (inet_aton).
std::optional<std::string> octets_of_address(const std::string& text);

struct Mailbox {
  std::string local;  ///< its case counts; what is quoted, without the quotes
  std::string host;   ///< lower case
};
/// RFC 5280 §4.2.1.6: local part and host, without display name or comments. None where it is no such address.
std::optional<Mailbox> mailbox_of(std::string_view text);

/// The host of a URI with an authority, lower case, without port (RFC 5280 §4.2.1.10). None where there is no authority
/// (in a SIP URI there never is), it has an address or a user, or peers would read another host out of it.
std::optional<std::string> host_of_uri(std::string_view uri);

}  // namespace trunkform
