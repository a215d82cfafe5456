#pragma once
// The JSON of the trunks that states have claimed: docs/formats/owners.md.
#include <map>
#include <string>
#include <string_view>

#include "schemas/model/result.hpp"
#include "schemas/ports/ownership.hpp"

namespace trunkform {

/// Each trunk with the state that has it.
using ClaimBook = std::map<TrunkKey, std::string>;

std::string encode_claims(const ClaimBook& book);
/// Errors: corrupt, unsupported (a newer format).
Result<ClaimBook> decode_claims(std::string_view bytes);

}  // namespace trunkform
