#pragma once
// `%[2]-08.3f` taken apart, and one value printed by it. Private to functions/.
#include <optional>
#include <string>
#include <string_view>

#include "planner/language/value/value.hpp"
#include "schemas/model/result.hpp"

namespace trunkform::language {

struct FormatDirective {
  bool plus = false, minus = false, space = false, zero = false, sharp = false;
  std::optional<int> width, precision;
  std::optional<std::size_t> argument;  ///< from 1
  char verb = '\0';
  std::string_view text;  ///< as written, for messages
};

/// Reads the directive at `format[at]`, which is `%`, and moves behind it.
Result<FormatDirective> read_directive(std::string_view format, std::size_t& at);

Result<std::string> print(const FormatDirective& directive, const Value& value);

}  // namespace trunkform::language
