#pragma once
// What may be written: one table of every block and argument. Checks, suggestions, documentation and the published JSON
// Schema all read it; no other place knows a name, and defaults live here or in the structs that this table reads them
// from. Blocks that a later version brings are in it too, so that they are refused by name. Immutable; thread-safe.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkform::language {

enum class ArgumentType {
  text,
  integer,
  boolean,
  duration,
  fraction,        ///< `"33%"` or `0.33`, between 0 and 1
  word,            ///< one of `words`
  texts,           ///< a list of strings
  integers,        ///< a list of whole numbers
  word_list,       ///< a list of some of `words`
  reference,       ///< another block, by `${…}` or its label
  references,      ///< a list of them
  secret,          ///< `{"env": NAME}` or `{"file": PATH}`
  text_or_secret,  ///< a string, or a secret
  text_map,        ///< an object of strings
  any,             ///< any value
  literal,         ///< any JSON; a string is never a template
  literal_text,
  literal_boolean,
};

std::string_view example_of(ArgumentType type);  ///< JSON: `"30m"`
std::string_view describe(ArgumentType type);    ///< `a duration such as "30d" or "1h30m"`

enum class Need { optional, required, later };  ///< `later`: not supported in this version
enum class Repetition { once, many };

/// What people may well write, and why it is none of the words.
struct RefusedWord {
  std::string word;
  std::string why;
};

/// What a text looks like where another system gives such texts out, or takes them apart: another one would be refused
/// by it, late, or lead elsewhere.
struct Shape {
  /// Why it is none, for people; none: it is one. Null: any text does.
  std::optional<std::string> (*misfit)(std::string_view text) = nullptr;
  std::string_view words;  ///< `the number of a version, such as "3"`
  std::string_view hint;
  /// Of what fits, the one way to write what it means. Null: as it is.
  std::string_view (*normal)(std::string_view text) = nullptr;
};

struct ArgumentSchema {
  std::string name;
  ArgumentType type = ArgumentType::text;
  Need need = Need::optional;
  std::string description;
  std::string default_text;           ///< as it would be written; empty: none
  std::vector<std::string> words;     ///< what may stand there
  std::optional<std::int64_t> least;  ///< of an integer, or milliseconds of a duration
  std::optional<std::int64_t> greatest;
  RefusedWord refused{};
  Shape shape{};
};

struct BlockSchema {
  std::string type;       ///< `certificate`, or the key of a nested block
  std::string subtype;    ///< `pem_files`; empty where the type has none
  bool is_named = false;  ///< whether a label of the user's follows
  Need need = Need::optional;
  std::string description;
  std::vector<ArgumentSchema> arguments;
  std::vector<BlockSchema> blocks;  ///< nested
  Repetition repetition = Repetition::once;

  const ArgumentSchema* argument(std::string_view name) const;
  const BlockSchema* block(std::string_view name) const;
};

/// All blocks of the top level, in the order of the documentation.
const std::vector<BlockSchema>& block_schemas();

/// `certificate`, `pem_files` → its schema; null where there is none.
const BlockSchema* find_block(std::string_view type, std::string_view subtype);

/// Whether blocks of this type have a subtype; nullopt where the type does not exist.
std::optional<bool> has_subtypes(std::string_view type);

enum class Extent { this_version, all };
std::vector<std::string> block_types(Extent extent);
std::vector<std::string> subtypes(std::string_view type, Extent extent);

}  // namespace trunkform::language
