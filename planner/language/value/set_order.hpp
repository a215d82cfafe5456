#pragma once
// The order of sets: strings by bytes, numbers by value, false before true, null last; anything else by a canonical
// text, so that the order is stable. Private to value/.
#include <vector>

#include "planner/language/value/value.hpp"

namespace trunkform::language {

/// Sorts known elements of one type and drops what is equal.
void sort_as_set(const Type& element, std::vector<Value>& elements);

}  // namespace trunkform::language
