#pragma once
// Which URLs are sent to at all.
#include <string>

#include "schemas/model/result.hpp"

namespace trunkform::platform::detail {

enum class Network { loopback, other };

/// https anywhere, http only to `localhost`, 127.0.0.0/8 and ::1; no user name, no control character, no fragment.
/// Error: untrusted or invalid_input. ensure_curl() must have been called.
Result<Network> check_url(const std::string& url);

}  // namespace trunkform::platform::detail
