#pragma once
// What Microsoft Entra and the machines' own token services answer. Pure.
#include <optional>
#include <string>

#include "providers/cloud/caller.hpp"

namespace trunkform::cloud::azure {

struct Granted {
  SecretBuffer token;
  std::optional<Duration> lasts;  ///< none: not said in a way that is understood
};

/// Ends are told as `expires_in` (seconds) or `expires_on` (seconds since 1970, or a date in words), as numbers or as
/// text: each of the services has its own way. None: no token.
std::optional<Granted> granted_by(const SecretBuffer& answer, Instant now);

/// The answer as a refusal, none for 2xx. `call`: `POST https://login…/token`, for the message. Never quotes what was
/// sent.
std::optional<Refusal> refusal_of_token(const std::string& call, const HttpResponse& answer);

}  // namespace trunkform::cloud::azure
