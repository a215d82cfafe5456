#pragma once
// Names that services take in any case, and that have ASCII letters alone. Pure.
#include <string>
#include <string_view>

namespace trunkform::cloud {

std::string lower_case(std::string_view text);

}  // namespace trunkform::cloud
