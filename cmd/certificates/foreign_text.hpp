#pragma once
// Certificates are foreign text: what moves a cursor or ends a line is shown as a code.
#include <string>
#include <string_view>

namespace trunkform::certificates {

std::string escaped(std::string_view text);

}  // namespace trunkform::certificates
