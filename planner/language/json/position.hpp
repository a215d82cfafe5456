#pragma once
// Counting lines and columns. Private to the room.
#include <string_view>

#include "schemas/model/source_range.hpp"

namespace trunkform::language {

/// Moves `at` on to byte `offset` (not before it). A line ends with its newline; continuation bytes are no columns.
inline void advance(SourcePosition& at, std::string_view bytes, std::size_t offset) {
  for (; at.offset < offset; ++at.offset) {
    const auto byte = static_cast<unsigned char>(bytes[at.offset]);
    if (byte == '\n') {
      ++at.line;
      at.column = 1;
    } else if ((byte & 0xC0U) != 0x80U) {
      ++at.column;
    }
  }
}

}  // namespace trunkform::language
