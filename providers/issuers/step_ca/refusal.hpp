#pragma once
// What the service's refusals mean, by its own words. It keeps most of them to its log. Pure.
#include <optional>
#include <string>

#include "providers/cloud/caller.hpp"

namespace trunkform::issuers::step_ca {

/// None for 2xx. `call`: `POST https://ca.example.com/1.0/sign`.
std::optional<cloud::Refusal> refusal_of(const std::string& call, const HttpResponse& answer);

}  // namespace trunkform::issuers::step_ca
