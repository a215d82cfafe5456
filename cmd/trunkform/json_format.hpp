#pragma once
// The one layout of a JSON configuration, for `fmt`. Keys keep their order, `"//"` comments their place, numbers and
// strings their text. Two blanks a level; what is short goes on one line. The layout depends on what is written and on
// blank lines between members, of which one is kept; so formatting twice changes nothing. Pure, linear.
#include <string>

#include "planner/language/json/document.hpp"

namespace trunkform::cli {

inline constexpr std::size_t k_format_columns = 100;

/// With a newline at the end.
std::string format_json(const language::JsonDocument& document);

}  // namespace trunkform::cli
