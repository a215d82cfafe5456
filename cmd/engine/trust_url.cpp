#include <algorithm>
#include <charconv>

#include "cmd/engine/trust.hpp"
#include "schemas/model/region.hpp"

namespace trunkform::engine {
std::optional<UrlParts> split_url(const std::string& url) {
  UrlParts parts;
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string::npos) return std::nullopt;
  parts.scheme = url.substr(0, scheme_end);
  if (parts.scheme != "https" && parts.scheme != "http") return std::nullopt;
  parts.port = parts.scheme == "https" ? 443 : 80;
  const auto authority_start = scheme_end + 3;
  const auto authority_end = url.find_first_of("/?#", authority_start);
  auto authority = url.substr(authority_start,
                              authority_end == std::string::npos ? std::string::npos : authority_end - authority_start);
  const auto is_unusual = [](char c) { return c <= ' ' || c == '@' || c == '\\' || c == '%' || c == 0x7F; };
  if (std::any_of(authority.begin(), authority.end(), is_unusual)) return std::nullopt;
  const auto host_end = authority.starts_with("[") ? authority.find(']') : authority.find(':');
  auto port_at = authority.find(':', authority.starts_with("[") ? host_end : 0);
  if (authority.starts_with("[") && host_end == std::string::npos) return std::nullopt;
  parts.host = authority.substr(0, authority.starts_with("[") ? host_end + 1 : std::min(port_at, authority.size()));
  if (port_at != std::string::npos) {
    const auto text = std::string_view(authority).substr(port_at + 1);
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), parts.port);
    if (failure != std::errc() || end != text.data() + text.size() || parts.port < 1 || parts.port > 65535)
      return std::nullopt;
  }
  std::transform(parts.host.begin(), parts.host.end(), parts.host.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (parts.host.empty() || parts.host == "[]") return std::nullopt;
  return parts;
}

bool is_loopback(const std::string& host) {
  if (host == "localhost" || host == "[::1]") return true;
  if (!host.starts_with("127.")) return false;
  return host.find_first_not_of("0123456789.") == std::string::npos && std::count(host.begin(), host.end(), '.') == 3;
}

bool is_genesys_host(const std::string& host) {
  const auto& domains = genesys_regions();
  return std::any_of(domains.begin(), domains.end(),
                     [&](const std::string& domain) { return host == "api." + domain || host == "login." + domain; });
}

}  // namespace trunkform::engine
