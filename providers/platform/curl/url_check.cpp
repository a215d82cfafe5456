#include "providers/platform/curl/url_check.hpp"

#include <algorithm>
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

bool is_loopback(const std::string& host) {
  if (host == "localhost" || host == "[::1]") return true;
  ::in_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 && (ntohl(address.s_addr) >> 24U) == 127;
}

}  // namespace

Result<Network> check_url(const std::string& url) {
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
  const auto network = is_loopback(host) ? Network::loopback : Network::other;
  if (scheme == "https") return network;
  if (scheme == "http" && network == Network::loopback) return network;
  if (scheme != "http") return Error(ErrorCode::invalid_input, "only https URLs are accepted, not " + scheme);
  return Error(ErrorCode::untrusted, "plain http is for the loopback only, not for " + host,
               "whatever is sent there could be read on the way")
      .hint("use an https address");
}

}  // namespace trunkform::platform::detail
