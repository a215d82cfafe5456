#include "providers/genesys/endpoints.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/percent_encoding.hpp"
#include "schemas/model/diagnostic.hpp"
#include "schemas/model/region.hpp"
#include "schemas/model/url.hpp"

namespace trunkform::genesys {
namespace {

constexpr std::size_t k_longest_id = 256;

/// The address without slashes at its end, and its host.
Result<Endpoints> check_base(const std::string& text, const char* argument) {
  const auto url = parse_url(text);
  if (!url || url->has_query)
    return Error(ErrorCode::invalid_input,
                 fmt::format("{} is not an http or https address: {}", argument, cloud::quoted(text)),
                 url ? "it has a query or fragment" : url.error().summary);
  return Endpoints{url->base(), {}, url->authority};
}

}  // namespace

Result<Endpoints> endpoints_of_region(const std::string& region) {
  const auto& known = genesys_regions();
  if (std::find(known.begin(), known.end(), region) == known.end()) {
    Error error(ErrorCode::invalid_input, fmt::format("{} is not a region of Genesys Cloud", cloud::quoted(region)));
    const auto near = nearest(region, known);
    if (const auto domain = genesys_region_of(region))
      error.hints.push_back(fmt::format("write {}", *domain));
    else
      error.hints.push_back(near.empty() ? "use the domain that people log in at, such as mypurecloud.com"
                                         : fmt::format("did you mean {}?", near));
    return error;
  }
  return Endpoints{"https://api." + region, "https://login." + region + "/oauth/token", "api." + region};
}

Result<Endpoints> endpoints_of_urls(const std::string& base_url, const std::string& login_url) {
  auto endpoints = TRY(check_base(base_url, "base_url"));
  const auto login = login_url.empty() ? endpoints.api : TRY(check_base(login_url, "login_url")).api;
  endpoints.token = login + "/oauth/token";
  return endpoints;
}

Result<std::string> path_segment(std::string_view id) {
  const auto is_dangerous = [](unsigned char c) { return c < 0x20 || c == 0x7F || c == '/' || c == '\\' || c == '%'; };
  if (id.empty() || id.size() > k_longest_id || id == "." || id == ".." ||
      std::any_of(id.begin(), id.end(), is_dangerous))
    return Error(ErrorCode::invalid_input, fmt::format("{} cannot be the id of a trunk", cloud::quoted(id)))
        .hint("copy the id from the trunk's page or from: trunkform inventory");
  return cloud::percent_encoded(id);
}

}  // namespace trunkform::genesys
