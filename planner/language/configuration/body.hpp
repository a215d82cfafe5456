#pragma once
// A block's arguments and nested blocks, held against its schema, with their expressions parsed. Borrows the documents.
// Private to the room.
#include <optional>
#include <string>
#include <vector>

#include "planner/language/configuration/block.hpp"
#include "planner/language/expression/expression.hpp"

namespace trunkform::language {

// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): a JsonValue is empty by itself
struct Argument {
  const ArgumentSchema* schema = nullptr;  ///< null for the free names of `locals`
  JsonValue key;
  JsonValue value;
  std::optional<Expression> expression;  ///< none: literal, or it did not parse (reported)
  bool is_faulty = false;                ///< reported: treat as unknown
};

struct Body {
  const BlockSchema* schema = nullptr;
  std::string address;  ///< of the block of the top level
  JsonValue where;
  std::vector<Argument> arguments;
  std::vector<Body> blocks;
  bool is_faulty = false;  ///< something in it or missing from it was reported

  const Argument* find(std::string_view name) const;
  const Body* block(std::string_view type) const;
};

Body parse_body(const Block& block, Problems& problems);

/// The expression that an argument's JSON means: strings are templates. Error: at the place inside the string.
Result<Expression> to_expression(const JsonValue& value);

/// All references of a body and its blocks.
std::vector<Reference> references_of(const Body& body);

}  // namespace trunkform::language
