#pragma once
// What all keys of a state begin with, in engines that keep it in objects or blobs. Pure.
#include <map>
#include <string>

#include "schemas/model/result.hpp"

namespace trunkform::state {

/// The argument `prefix` of `block` (`backend.s3`), `trunkform` where it is not said; without slashes at its ends, may
/// be empty. Error: invalid_input.
Result<std::string> key_prefix(const std::map<std::string, std::string>& arguments, const std::string& block);

}  // namespace trunkform::state
