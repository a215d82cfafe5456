#pragma once
// What the answers of an HTTP state server mean. Pure.
#include <optional>
#include <string>

#include "providers/cloud/caller.hpp"
#include "schemas/ports/http_client.hpp"

namespace trunkform::cloud::http_state {

/// Of a lock that is held; GitLab says 409, most others 423.
bool says_locked(const HttpResponse& answer);

/// None: 2xx. `call`: `POST of the state`, for messages. Errors: denied, not_found, fenced, conflict, unsupported,
/// throttled, unavailable, rejected.
std::optional<Refusal> refusal_of(const std::string& call, const HttpResponse& answer);

}  // namespace trunkform::cloud::http_state
