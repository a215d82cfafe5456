#include "providers/issuers/acme/chains.hpp"

#include <algorithm>

#include "providers/x509/certificates.hpp"
#include "schemas/codec/ascii_case.hpp"

namespace trunkform::issuers::acme {
namespace {

/// A relation type among others: `rel="alternate"`, `rel=alternate`, `rel="up alternate"`.
bool is_alternate(std::string_view parameters) {
  const auto lower = lower_case(parameters);
  const auto at = lower.find("rel=");
  if (at == std::string::npos) return false;
  std::string_view value = std::string_view(lower).substr(at + 4);
  if (value.starts_with('"')) {
    value.remove_prefix(1);
    value = value.substr(0, value.find('"'));
  } else {
    value = value.substr(0, value.find_first_of("; \t"));
  }
  while (!value.empty()) {
    const auto end = std::min(value.find(' '), value.size());
    if (value.substr(0, end) == "alternate") return true;
    value.remove_prefix(std::min(end + 1, value.size()));
  }
  return false;
}

std::string whole(std::string target, const std::string& base) {
  if (!target.starts_with('/') || target.starts_with("//")) return target;
  const auto host = base.find("://");
  if (host == std::string::npos) return target;
  return base.substr(0, base.find('/', host + 3)) + target;
}

void add_links(std::string_view text, const std::string& base, std::vector<std::string>& addresses) {
  while (true) {
    const auto begin = text.find('<');
    const auto end = text.find('>');
    if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return;
    const auto target = text.substr(begin + 1, end - begin - 1);
    text.remove_prefix(end + 1);
    if (is_alternate(text.substr(0, text.find('<')))) addresses.push_back(whole(std::string(target), base));
  }
}

/// Of a name as RFC 4514 has it. Its own escapes stand before the characters that would end it.
std::string common_name_in(std::string_view name) {
  for (std::size_t at = 0; at < name.size();) {
    std::string value;
    const bool is_common_name = name.substr(at).starts_with("CN=");
    for (; at < name.size() && name[at] != ',' && name[at] != '+'; ++at) {
      if (name[at] == '\\' && at + 1 < name.size()) ++at;
      value += name[at];
    }
    if (is_common_name) return value.substr(3);
    ++at;
  }
  return {};
}

}  // namespace

std::vector<std::string> alternates_of(const HttpResponse& answer, const std::string& base) {
  std::vector<std::string> addresses;
  for (const auto& header : answer.headers)
    if (lower_case(header.name) == "link") add_links(header.value, base, addresses);
  return addresses;
}

Result<std::vector<std::string>> authorities_of(const std::string& chain_pem) {
  std::vector<std::string> names;
  for (const auto& certificate : TRY(x509::parse_certificates(chain_pem)))
    if (auto name = common_name_in(certificate.facts->issuer); !name.empty()) names.push_back(std::move(name));
  return names;
}

}  // namespace trunkform::issuers::acme
