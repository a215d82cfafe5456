#pragma once
// Who has which trunk, for backends that keep it in one document. Pure; thread-safe.
// Byte by byte: docs/formats/owners.md.
#include <set>
#include <span>
#include <string>
#include <vector>

#include "schemas/codec/claims_codec.hpp"

namespace trunkform::state {

/// `book` with each of `trunks` that nobody among `owners` but `own` has; the others come back.
struct Claiming {
  ClaimBook book;
  std::vector<Claim> refused;
};
Claiming claim(ClaimBook book, const std::string& own, std::span<const TrunkKey> trunks,
               const std::set<std::string>& owners);

/// `book` without what `own` has beside `trunks`.
ClaimBook keep_only(ClaimBook book, const std::string& own, std::span<const TrunkKey> trunks);

}  // namespace trunkform::state
