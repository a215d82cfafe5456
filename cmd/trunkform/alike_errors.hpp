#pragma once
// The same long error of many addresses is read once, with the addresses that it is about. Pure.
#include <vector>

#include "schemas/model/error.hpp"

namespace trunkform::cli {

/// In the order of the first of each. Alike are errors of different addresses that say the same, but for where an
/// address names itself; the first stays, and its detail names the others. What has no address stays as it is.
std::vector<Error> folded(const std::vector<Error>& errors);

}  // namespace trunkform::cli
