#pragma once
// Values as JSON text. `encode_json` is what `jsonencode` returns, byte for byte: sorted keys, `<`, `>`, `&`, U+2028
// and U+2029 escaped, numbers with all their digits. Pure, thread-safe.
#include <string>
#include <string_view>

#include "planner/language/value/value.hpp"
#include "schemas/model/result.hpp"

namespace trunkform::language {

/// Marks are ignored: the caller keeps sensitive values from being shown. Error: invalid_input for what is unknown or
/// infinite.
Result<std::string> encode_json(const Value& value);

/// Objects become objects, arrays tuples; numbers keep all their digits; the last of equal keys counts. Error:
/// invalid_input with the byte offset; depth and trailing text are checked.
Result<Value> decode_json(std::string_view text);

}  // namespace trunkform::language
