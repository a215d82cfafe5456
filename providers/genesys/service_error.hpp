#pragma once
// What the service said when it refused, explained for the person who is paged: method, path, status, its message
// (escaped), its correlation id, what its words mean and what to do. Pure.
#include <string>
#include <string_view>

#include "schemas/model/error.hpp"
#include "schemas/ports/http_client.hpp"

namespace trunkform::genesys {

/// The vendor's ErrorBody, or OAuth's. Foreign text: not escaped yet.
struct ServiceMessage {
  std::string message;         ///< empty where the body is no JSON of that kind
  std::string code;            ///< `validation.error`, `too.many.requests.retry.after`
  std::string correlation_id;  ///< header ININ-Correlation-Id, else the body's contextId
};

ServiceMessage read_message(const HttpResponse& response);

/// Where a call went: for messages.
struct CallName {
  std::string method;
  std::string path;  ///< without host and query
};

/// An answer that is not 2xx as an Error: denied (401, 403), not_found, conflict (409, or a 400 about the version),
/// throttled (429), unavailable (5xx but 501), protocol (1xx, 3xx), rejected (the rest).
Error answered_error(const CallName& call, const HttpResponse& response);

/// A 409, or a 400 that says that what was sent does not match the current version.
bool is_version_conflict(int status, std::string_view message);

/// A 2xx that is not what the API promises: `what` was wrong, and how the body began.
Error lying_answer(const CallName& call, const HttpResponse& response, std::string_view what);

}  // namespace trunkform::genesys
