#include "schemas/codec/host_name.hpp"

#include <algorithm>
#include <array>

#include <arpa/inet.h>

#include "schemas/codec/ascii_case.hpp"

namespace trunkform {
namespace {

bool is_digit(char one) { return one >= '0' && one <= '9'; }

bool is_letter_or_digit(char one) { return is_digit(one) || (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z'); }

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > 63) return false;
  if (label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(), [](char one) { return is_letter_or_digit(one) || one == '-'; });
}

/// No top-level domain is a number (RFC 1123 §2.1): it would be an address.
bool ends_in_number(std::string_view name) {
  const auto last = name.substr(name.rfind('.') + 1);  // npos + 1 is 0
  return std::all_of(last.begin(), last.end(), is_digit);
}

/// RFC 5321 §4.1.2: `"a\b"@host` is `ab@host`. None where it is empty, or has a quote or an @ that stands for itself.
std::optional<std::string> local_part(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  if (quoted) text = text.substr(1, text.size() - 2);
  std::string local;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') {
      if (++i == text.size()) return std::nullopt;
    } else if (text[i] == '"' || (!quoted && text[i] == '@')) {
      return std::nullopt;
    }
    local += text[i];
  }
  return local.empty() ? std::nullopt : std::optional(local);
}

}  // namespace

bool is_host_name(std::string_view name, Wildcard wildcard) {
  if (name.size() > 253) return false;
  if (wildcard == Wildcard::as_first_label && name.starts_with("*.")) name.remove_prefix(2);
  if (name.empty() || ends_in_number(name)) return false;
  for (std::size_t begin = 0; begin <= name.size();) {
    const auto end = std::min(name.find('.', begin), name.size());
    if (!is_label(name.substr(begin, end - begin))) return false;
    begin = end + 1;
  }
  return true;
}

std::optional<std::string> address_text(std::string_view octets) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (octets.size() != 4 && octets.size() != 16) return std::nullopt;
  if (::inet_ntop(octets.size() == 4 ? AF_INET : AF_INET6, octets.data(), text.data(), text.size()) == nullptr)
    return std::nullopt;
  return text.data();
}

std::optional<std::string> octets_of_address(const std::string& text) {
  std::array<char, 16> octets{};
  in_addr four{};
  if (::inet_pton(AF_INET6, text.c_str(), octets.data()) == 1) return std::string(octets.data(), octets.size());
  if (::inet_aton(text.c_str(), &four) == 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(&four.s_addr), sizeof four.s_addr);
}

std::optional<Mailbox> mailbox_of(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos) return std::nullopt;
  const auto host = text.substr(at + 1);
  const auto local = local_part(text.substr(0, at));
  if (!local || !is_host_name(host)) return std::nullopt;
  return Mailbox{*local, lower_case(host)};
}

std::optional<std::string> host_of_uri(std::string_view uri) {
  const auto colon = uri.find(':');
  if (colon == std::string_view::npos || !uri.substr(colon + 1).starts_with("//")) return std::nullopt;
  const auto rest = uri.substr(colon + 3);
  const auto authority = rest.substr(0, rest.find_first_of("/?#"));
  const auto host = authority.substr(0, authority.find(':'));
  // OpenSSL 3.0 ends the host with the first colon of all, or else with a slash, and knows no user.
  const auto end = rest.find(':');
  const bool is_one_host = authority.find('@') == std::string_view::npos &&
                           rest.substr(0, end == std::string_view::npos ? rest.find('/') : end) == host;
  if (!is_one_host || !is_host_name(host)) return std::nullopt;
  return lower_case(host);
}

}  // namespace trunkform
