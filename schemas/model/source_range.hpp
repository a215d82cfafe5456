#pragma once
// Where in a file something stands. Lines and columns count from 1; columns count Unicode code points, as editors do;
// offsets are bytes from 0.
#include <cstddef>
#include <cstdint>
#include <string>

namespace trunkform {

struct SourcePosition {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::size_t offset = 0;
  friend bool operator==(const SourcePosition&, const SourcePosition&) = default;
};

/// Half open: `end` is the first position after the last character.
struct SourceRange {
  std::string file;  ///< as the user would type it from the working directory
  SourcePosition start;
  SourcePosition end;
  friend bool operator==(const SourceRange&, const SourceRange&) = default;
};

}  // namespace trunkform
