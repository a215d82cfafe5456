#pragma once
// The state document as JSON, format 1: docs/formats/state.md. Canonical: the same document gives the same bytes.
// Certificates are written once each in a table by fingerprint, so that ten thousand bindings of one chain stay small.
#include <string>
#include <string_view>

#include "schemas/model/result.hpp"
#include "schemas/model/state.hpp"

namespace trunkform {

std::string encode_state(const StateDocument& document);
/// Errors: corrupt (what and where), unsupported (a newer format, naming the version needed). Never throws.
Result<StateDocument> decode_state(std::string_view bytes);

}  // namespace trunkform
