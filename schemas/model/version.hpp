#pragma once
// The program's version, as in CMakeLists.txt.
#include <string_view>

namespace trunkform {

std::string_view version();

}  // namespace trunkform
