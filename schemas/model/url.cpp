#include "schemas/model/url.hpp"

#include <algorithm>
#include <charconv>

namespace trunkform {
namespace {

Error wrong(std::string what) { return Error(ErrorCode::invalid_input, std::move(what)); }

/// Where the port's colon stands; the end where there is none.
Result<std::size_t> end_of_host(std::string_view authority) {
  if (!authority.starts_with("[")) return std::min(authority.find(':'), authority.size());
  const auto bracket = authority.find(']');
  if (bracket == std::string_view::npos) return wrong("its host begins with a bracket that does not end");
  if (bracket + 1 < authority.size() && authority[bracket + 1] != ':')
    return wrong("something stands between its host and its port");
  return bracket + 1;
}

Result<> read_authority(Url& url) {
  const std::string_view authority = url.authority;
  if (authority.find('@') != std::string_view::npos) return wrong("it holds credentials");
  if (authority.find('%') != std::string_view::npos) return wrong("its host has a percent sign");
  const auto end = TRY(end_of_host(authority));
  url.host = authority.substr(0, end);
  if (url.host.empty() || url.host == "[]") return wrong("it has no host");
  std::transform(url.host.begin(), url.host.end(), url.host.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (end == authority.size()) return {};
  const auto port = authority.substr(end + 1);
  const auto [stop, failure] = std::from_chars(port.data(), port.data() + port.size(), url.port);
  if (failure != std::errc() || stop != port.data() + port.size() || url.port < 1 || url.port > 65535)
    return wrong("its port is no number from 1 to 65535");
  return {};
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
  Url url;
  const auto scheme = text.find("://");
  if (scheme != std::string_view::npos) url.scheme = text.substr(0, scheme);
  if (url.scheme != "https" && url.scheme != "http") return wrong("it does not begin with https://");
  url.port = url.scheme == "https" ? 443 : 80;
  const auto rest = text.substr(scheme + 3);
  const auto end = std::min(rest.find_first_of("/?#"), rest.size());
  url.authority = rest.substr(0, end);
  TRY(read_authority(url));
  if (text.find('\\') != std::string_view::npos) return wrong("it has a backslash");
  const auto query = std::min(rest.find_first_of("?#"), rest.size());
  url.has_query = query < rest.size();
  url.path = rest.substr(end, query - end);
  while (url.path.ends_with('/')) url.path.pop_back();
  if (std::any_of(text.begin(), text.end(), [](unsigned char byte) { return byte <= ' ' || byte == 0x7F; }))
    return wrong("it has a space or control character");
  return url;
}

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  if (!host.starts_with("127.")) return false;
  return host.find_first_not_of("0123456789.") == std::string_view::npos &&
         std::count(host.begin(), host.end(), '.') == 3;
}

}  // namespace trunkform
