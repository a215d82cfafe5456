#pragma once
// The blocks of all files, unevaluated. A Block and all within it borrow the documents. Private to the room.
#include <memory>
#include <string>
#include <vector>

#include "planner/language/configuration/problems.hpp"
#include "planner/language/configuration/schema.hpp"
#include "planner/language/json/document.hpp"

namespace trunkform::language {

struct Block {
  const BlockSchema* schema = nullptr;  ///< null: refused, but what refers to it is not to be told a second time
  std::string type;                     ///< as meant, where it was misspelt
  std::string subtype;
  std::string name;  ///< empty where the type has none
  JsonValue label;   ///< the key that names it
  JsonValue body;    ///< an object
};

/// `certificate.pem_files.a`; of a resource without "resource", as everybody writes it.
std::string address_of(const Block& block);

using Documents = std::vector<std::shared_ptr<const JsonDocument>>;

/// Labels are nested objects; arrays may stand at each level; several files are one configuration. Reports unknown,
/// misspelt, unsupported and repeated blocks.
std::vector<Block> collect_blocks(const Documents& documents, Problems& problems);

/// Members without comments and without repeated keys (the reader of the JSON reported those).
std::vector<JsonMember> block_members(const JsonValue& object);

/// `main.trunk.json:12`
std::string place_of(const SourceRange& range);

/// ` did you mean …?` as a hint, where something is near.
Error suggest(Error error, const std::string& word, const std::vector<std::string>& candidates);

std::string with_article(const std::string& noun);  ///< `a list of string`, `an object`

/// `"text"`, for messages.
std::string quoted(std::string_view text);

}  // namespace trunkform::language
