#pragma once
// From the byte at which the grammar gave up to a sentence that says how to mend it. Private to the room.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "planner/language/json/document.hpp"
#include "schemas/model/error.hpp"

namespace trunkform::language {

struct JsonFault {
  enum class Kind { syntax, depth, lone_surrogate };
  Kind kind = Kind::syntax;
  std::size_t offset = 0;
};

struct OpenBracket {
  JsonKind kind;
  std::size_t offset;
};

Error explain(const std::string& file, std::string_view bytes, const JsonFault& fault,
              const std::vector<OpenBracket>& open);

}  // namespace trunkform::language
