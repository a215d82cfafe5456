#pragma once
// The JSON of the places that carriers have taken: docs/formats/pacing.md.
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/result.hpp"
#include "schemas/ports/pacing.hpp"

namespace trunkform {

struct PacingBook {
  std::vector<Place> places;
};

std::string encode_pacing(const PacingBook& book);
/// Errors: corrupt, unsupported (a newer format).
Result<PacingBook> decode_pacing(std::string_view bytes);

}  // namespace trunkform
