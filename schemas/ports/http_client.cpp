#include "schemas/ports/http_client.hpp"

#include <algorithm>

namespace trunkform {

const std::string* HttpResponse::header(std::string_view name) const {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  for (const auto& candidate : headers)
    if (std::equal(candidate.name.begin(), candidate.name.end(), name.begin(), name.end(),
                   [&](char a, char b) { return lower(a) == lower(b); }))
      return &candidate.value;
  return nullptr;
}

std::string shown_url(const HttpRequest& request) {
  const auto& url = request.url;
  if (!request.secret_url) return url.substr(0, url.find('?'));
  const auto scheme = url.find("://");
  return url.substr(0, url.find_first_of("/?#", scheme == std::string::npos ? 0 : scheme + 3)) + "/…";
}

}  // namespace trunkform
