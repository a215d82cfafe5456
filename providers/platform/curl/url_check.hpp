#pragma once
// Which URLs are sent to at all.
#include <string>

#include "schemas/model/result.hpp"
#include "schemas/ports/http_client.hpp"

namespace trunkform::platform::detail {

/// `loopback`: it stays on this machine, also where a cloud's host answers for it.
enum class Network { loopback, other };

/// https anywhere, http only to `localhost`, 127.0.0.0/8 and ::1, and to a machine's own addresses where `plain` says
/// so; no user name, no control character, no fragment. Error: untrusted or invalid_input. ensure_curl() must have been
/// called.
Result<Network> check_url(const std::string& url, PlainHttp plain = PlainHttp::loopback);

}  // namespace trunkform::platform::detail
