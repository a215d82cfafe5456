#pragma once
// RFC 8259, to the letter: nothing more is taken (comments, trailing commas, NaN, a byte order mark), and each refusal
// says where and how to mend it. Beyond the RFC these are errors too: equal keys in one object (RFC 8259 §4 leaves them
// open), lone surrogates, more than 200 levels, more than 64 MiB. Pure, thread-safe, linear; never throws.
#include <memory>
#include <string>

#include "planner/language/json/document.hpp"
#include "schemas/model/diagnostic.hpp"

namespace trunkform::language {

inline constexpr std::size_t k_json_depth = 200;
inline constexpr std::size_t k_json_bytes = std::size_t{64} << 20;

struct ParsedJson {
  /// Null after a mistake of syntax; there despite equal keys (all members are in it).
  std::unique_ptr<const JsonDocument> document;
  Diagnostics diagnostics;
};

/// `file` is the name that messages show.
ParsedJson parse_json(std::string file, std::string bytes);

/// The position of a byte offset, counted from the start: for a single message.
SourcePosition position_in(std::string_view bytes, std::size_t offset);

}  // namespace trunkform::language
