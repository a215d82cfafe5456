#pragma once
// Two texts line by line, as `diff -u` shows them. Pure.
#include <string>
#include <string_view>

#include "cmd/trunkform/views/text_style.hpp"

namespace trunkform::cli {

/// Empty for equal texts. Exact up to a few thousand changed lines; beyond, the changed part is shown as replaced
/// whole.
std::string unified_diff(std::string_view before, std::string_view after, const std::string& name,
                         const views::TextStyle& style);

}  // namespace trunkform::cli
