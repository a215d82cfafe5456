#pragma once
// Bytes as programs print them that have lists of numbers: `[48, 130, 4, 164]`, Java's `-126` among them. Pure and
// thread-safe. Inside language only.
#include <string>
#include <string_view>
#include <vector>

namespace trunkform::language {

/// Each list of numbers of a byte, with anything between that is no letter, as its bytes; short lists are left out.
void add_decimals(std::string_view text, std::vector<std::string>& to);

}  // namespace trunkform::language
