#pragma once
// What AWS's services say when they refuse, in JSON or XML, and what it means. Pure.
#include <optional>
#include <string>

#include "providers/cloud/caller.hpp"

namespace trunkform::cloud::aws {

/// The service's own words; empty where it said nothing that can be read.
struct ServiceWords {
  std::string code;  ///< `ResourceNotFoundException`
  std::string message;
  std::string request_id;
};
/// Of an answer whose body is in `secret_body`.
ServiceWords words_of(const HttpResponse& answer);

/// The answer as a refusal; none for 2xx. `call`: `secretsmanager GetSecretValue`, for the message.
std::optional<Refusal> refusal_of(const std::string& call, const HttpResponse& answer);

/// Whether it is about who we are, so that other credentials may help: expired, revoked, unknown.
bool is_about_credentials(const ServiceWords& words);

}  // namespace trunkform::cloud::aws
