#pragma once
// Where the service is, and how an id becomes part of a path. Pure.
#include <string>
#include <string_view>

#include "schemas/model/result.hpp"

namespace trunkform::genesys {

struct Endpoints {
  std::string api;    ///< `https://api.mypurecloud.com`, no slash at the end
  std::string token;  ///< `https://login.mypurecloud.com/oauth/token`
  std::string host;   ///< of the API, with its port where one is given: names the organisation where the API hides it
};

/// Error: invalid_input, with the nearest known region.
Result<Endpoints> endpoints_of_region(const std::string& region);

/// `base_url` replaces both hosts; `login_url`, where not empty, the token's alone. Error: invalid_input.
Result<Endpoints> endpoints_of_urls(const std::string& base_url, const std::string& login_url = {});

/// An id as one path segment, percent-encoded. Error: invalid_input for what could lead to another resource: `/`, `\`,
/// `%`, `.`, `..`, control characters, NUL, nothing, or more than 256 bytes.
Result<std::string> path_segment(std::string_view id);

}  // namespace trunkform::genesys
