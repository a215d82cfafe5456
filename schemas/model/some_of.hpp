#pragma once
// Lists for messages. Pure.
#include <cstddef>
#include <string>
#include <vector>

namespace trunkform {

/// `a, b and 3 more`: the first `most` of `names`, and how many there are beside them. Not escaped.
std::string some_of(const std::vector<std::string>& names, std::size_t most);

}  // namespace trunkform
