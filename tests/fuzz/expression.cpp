// Expressions, templates, references and types out of JSON strings.
#include "planner/language/expression/expression.hpp"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace language = trunkform::language;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const language::Origin origin(trunkform::SourceRange{}, text);
  (void)language::parse_expression(text, origin);
  (void)language::parse_template(text, origin);
  (void)language::parse_reference(text, origin);
  (void)language::parse_type(text, origin);
  return 0;
}
