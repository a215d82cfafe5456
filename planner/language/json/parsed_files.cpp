#include "planner/language/json/parsed_files.hpp"

namespace trunkform::language {

std::shared_ptr<const ParsedJson> ParsedFiles::of(const std::string& file, const std::string& bytes) {
  const std::scoped_lock guard(m_mutex);
  auto& parsed = m_parsed[file];
  // A file with a mistake of syntax has no document to tell by whether it is still the same.
  if (!parsed || !parsed->document || parsed->document->bytes() != bytes)
    parsed = std::make_shared<const ParsedJson>(parse_json(file, bytes));
  return parsed;
}

}  // namespace trunkform::language
