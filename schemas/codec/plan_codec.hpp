#pragma once
// A saved plan: one JSON document with a format number and its own SHA-256: docs/formats/plan.md.
#include <string>
#include <string_view>

#include "schemas/model/plan.hpp"
#include "schemas/model/result.hpp"

namespace trunkform {

/// Sets `plan.digest` and the changes' `binding_digest`.
std::string encode_plan(Plan& plan);
/// Errors: corrupt (digest or shape), unsupported (a newer format).
Result<Plan> decode_plan(std::string_view bytes);
/// Digest of one evaluated binding: what a saved plan pins of the configuration.
std::string binding_digest(const Binding& binding);

/// Whether the bytes begin as a saved plan does, whatever follows.
bool is_saved_plan(std::string_view bytes);

}  // namespace trunkform
