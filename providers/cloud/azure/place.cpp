#include "providers/cloud/azure/place.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "schemas/model/url.hpp"

namespace trunkform::cloud::azure {
namespace {

bool is_letter(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}
bool is_digit(char character) { return character >= '0' && character <= '9'; }

bool is_name(std::string_view text) {
  const auto fits = [](char character) { return is_letter(character) || is_digit(character) || character == '-'; };
  return text.size() >= 3 && text.size() <= 24 && is_letter(text.front()) && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), fits);
}

Error no_vault(std::string_view vault, std::string why) {
  return Error(ErrorCode::invalid_input, fmt::format("{} names no key vault", quoted(vault)), std::move(why))
      .hint("write the vault's name, or its whole address: \"https://sip.vault.azure.net\"");
}

}  // namespace

Result<VaultPlace> vault_place(std::string_view vault) {
  if (is_name(vault)) return vault_place(fmt::format("https://{}.vault.azure.net", vault));
  if (vault.find("://") == std::string_view::npos)
    return no_vault(vault, "a name has 3 to 24 letters, digits and hyphens");
  const auto url = parse_url(vault);
  if (!url) return no_vault(vault, url.error().summary);
  if (url->scheme != "https") return no_vault(vault, "key vaults are spoken to over https");
  if (!url->path.empty() || url->has_query) return no_vault(vault, "an address of a vault has no path");
  const auto dot = url->host.find('.');
  // An address in digits belongs to no domain.
  const bool in_digits = is_digit(url->host.back()) || url->host.front() == '[';
  if (dot == std::string::npos || in_digits || url->host.find('.', dot + 1) == std::string::npos)
    return no_vault(vault, "its host is not a name within a domain such as vault.azure.net");
  const auto port = url->port == 443 ? std::string() : fmt::format(":{}", url->port);
  return VaultPlace{"https://" + url->host + port, url->host, "https://" + url->host.substr(dot + 1) + port};
}

}  // namespace trunkform::cloud::azure
