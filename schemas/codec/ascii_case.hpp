#pragma once
// Names whose case does not count, in ASCII letters alone: of hosts (RFC 4343), headers, settings. Pure.
#include <string>
#include <string_view>

namespace trunkform {

std::string lower_case(std::string_view text);

}  // namespace trunkform
