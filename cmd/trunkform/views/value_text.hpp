#pragma once
// A value of the configuration's language as `terraform console` prints it: strings in quotes with Go's escapes, or as
// a heredoc where there are several lines; collections one element a line. Sensitive values are never shown. Pure.
#include <string>

#include "planner/language/value/value.hpp"

namespace trunkform::views {

/// Without a newline at the end.
std::string value_text(const language::Value& value);

}  // namespace trunkform::views
