#include "providers/platform/curl/url_check.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <arpa/inet.h>
#include <curl/curl.h>

namespace trunkform::platform::detail {
namespace {

using UrlHandle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK || text == nullptr) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

/// Never routed (RFC 3927 §2.7). App Service answers for a machine's identity anywhere there.
bool is_link_local(const std::string& host) {
  ::in_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 && (ntohl(address.s_addr) >> 16U) == 0xA9FE;
}

bool is_loopback(const std::string& host) {
  if (host == "localhost" || host == "[::1]") return true;
  ::in_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 && (ntohl(address.s_addr) >> 24U) == 127;
}

/// Instance metadata of AWS and Azure, tasks of ECS, pods of EKS (AWS SDKs and Tools Reference Guide, "Container
/// credential provider", "IMDS credential provider").
bool is_machine(const std::string& host) {
  constexpr std::array<std::string_view, 5> k_hosts{"169.254.169.254", "169.254.170.2", "169.254.170.23",
                                                    "[fd00:ec2::254]", "[fd00:ec2::23]"};
  return std::find(k_hosts.begin(), k_hosts.end(), host) != k_hosts.end();
}

}  // namespace

Result<Network> check_url(const std::string& url, PlainHttp plain) {
  const auto is_control = [](unsigned char character) { return character <= 0x20 || character == 0x7F; };
  if (std::any_of(url.begin(), url.end(), is_control))
    return Error(ErrorCode::invalid_input, "a URL has a space or a control character");
  const UrlHandle parsed(curl_url(), &curl_url_cleanup);
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
    return Error(ErrorCode::invalid_input, "not a URL: " + url.substr(0, 200));
  if (!part_of(parsed.get(), CURLUPART_USER).empty() || !part_of(parsed.get(), CURLUPART_PASSWORD).empty())
    return Error(ErrorCode::invalid_input, "a URL with a user name is not accepted");
  const auto scheme = part_of(parsed.get(), CURLUPART_SCHEME);
  const auto host = part_of(parsed.get(), CURLUPART_HOST);
  const bool stays_here = is_loopback(host) || (plain == PlainHttp::machine && is_machine(host));
  const auto network = stays_here ? Network::loopback : Network::other;
  if (scheme == "https") return network;
  if (scheme == "http" && plain == PlainHttp::machine && is_link_local(host)) return Network::loopback;
  if (scheme == "http" && network == Network::loopback) return network;
  if (scheme != "http") return Error(ErrorCode::invalid_input, "only https URLs are accepted, not " + scheme);
  return Error(ErrorCode::untrusted, "plain http is for the loopback only, not for " + host,
               "whatever is sent there could be read on the way")
      .hint("use an https address");
}

}  // namespace trunkform::platform::detail
