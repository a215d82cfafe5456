#include "providers/cloud/azure/challenge.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/secret_text.hpp"
#include "schemas/model/url.hpp"

namespace trunkform::cloud::azure {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

/// `name="value"` or `name=value`, separated by commas (RFC 9110 §11.2); some services separate by spaces.
std::map<std::string, std::string> parameters_of(std::string_view text) {
  std::map<std::string, std::string> parameters;
  constexpr std::string_view k_between = ", \t";
  for (;;) {
    const auto begin = text.find_first_not_of(k_between);
    const auto equals = text.find('=');
    if (begin == std::string_view::npos || equals == std::string_view::npos || equals < begin) return parameters;
    const auto name = lower(trimmed(text.substr(begin, equals - begin)));
    text.remove_prefix(equals + 1);
    const bool in_quotes = text.starts_with('"');
    if (in_quotes) text.remove_prefix(1);
    const auto end = std::min(in_quotes ? text.find('"') : text.find_first_of(k_between), text.size());
    parameters.try_emplace(name, text.substr(0, end));
    text.remove_prefix(std::min(end + (in_quotes ? 1 : 0), text.size()));
  }
}

std::string first_of(const std::map<std::string, std::string>& parameters, std::initializer_list<const char*> names) {
  for (const auto* name : names)
    if (const auto found = parameters.find(name); found != parameters.end()) return found->second;
  return {};
}

/// Microsoft's names for one and the same authority.
bool is_same_authority(const std::string& one, const std::string& other) {
  static const std::map<std::string, std::string> k_aliases{
      {"login.windows.net", "login.microsoftonline.com"},
      {"login.microsoft.com", "login.microsoftonline.com"},
      {"sts.windows.net", "login.microsoftonline.com"},
      {"login.partner.microsoftonline.cn", "login.chinacloudapi.cn"},
      {"login.usgovcloudapi.net", "login.microsoftonline.us"},
  };
  const auto own_name = [](const std::string& host) {
    const auto found = k_aliases.find(host);
    return found == k_aliases.end() ? host : found->second;
  };
  return own_name(one) == own_name(other);
}

}  // namespace

std::optional<Challenge> parse_challenge(std::string_view header) {
  constexpr std::string_view k_scheme = "bearer ";
  header = trimmed(header);
  if (lower(header.substr(0, k_scheme.size())) != k_scheme) return std::nullopt;
  const auto parameters = parameters_of(header.substr(k_scheme.size()));
  const auto authority = parse_url(first_of(parameters, {"authorization", "authorization_uri"}));
  Challenge challenge;
  challenge.resource = first_of(parameters, {"resource", "scope"});
  constexpr std::string_view k_default = "/.default";
  if (challenge.resource.ends_with(k_default)) challenge.resource.resize(challenge.resource.size() - k_default.size());
  while (challenge.resource.ends_with('/')) challenge.resource.pop_back();
  if (!authority || challenge.resource.empty()) return std::nullopt;
  challenge.authority_host = authority->host;
  const auto path = std::string_view(authority->path).substr(authority->path.empty() ? 0 : 1);
  challenge.tenant = path.substr(0, path.find('/'));
  return challenge;
}

Result<> check_challenge(const Challenge& challenge, const VaultPlace& vault, const Authority& ours) {
  if (lower(challenge.resource) != vault.resource)
    return Error(ErrorCode::untrusted,
                 fmt::format("{} asks for a token for {}", vault.host, quoted(challenge.resource)),
                 fmt::format("a token of its own is for {}; another one would open what is not this vault's",
                             vault.resource))
        .hint("see whether something stands between here and the vault, and whether `vault` names the right one");
  if (!ours.host.empty() && !is_same_authority(challenge.authority_host, ours.host))
    return Error(ErrorCode::untrusted,
                 fmt::format("{} wants us to log in at {}, and we log in at {}", vault.host,
                             quoted(challenge.authority_host), ours.host),
                 "where credentials go is not the vault's to say")
        .hint("where the vault is in another cloud, set AZURE_AUTHORITY_HOST for that one");
  if (!ours.tenant.empty() && lower(challenge.tenant) != lower(ours.tenant))
    return Error(ErrorCode::denied, fmt::format("{} belongs to the tenant {}", vault.host, quoted(challenge.tenant)),
                 fmt::format("the credentials are of the tenant {}", ours.tenant))
        .hint("give credentials of that tenant: AZURE_TENANT_ID, AZURE_CLIENT_ID and what goes with them");
  return {};
}

}  // namespace trunkform::cloud::azure
