#pragma once
// How long the service asks to wait, with the vendor's own ways where there is no Retry-After. Pure.
#include <optional>
#include <string_view>

#include "schemas/model/time.hpp"
#include "schemas/ports/http_client.hpp"

namespace trunkform::genesys {

/// Retry-After, else `inin-ratelimit-reset`, else the `[7] seconds` of the message; none where nothing is said.
std::optional<Duration> asked_to_wait(const HttpResponse& response, std::string_view message, Instant now);

}  // namespace trunkform::genesys
