#pragma once
// JSON's escapes (RFC 8259 §7). Private to the room.
#include <cstddef>
#include <string>
#include <string_view>

namespace trunkform::language {

struct Escape {
  std::string text;        ///< UTF-8; empty where it is none
  std::size_t length = 0;  ///< bytes of the source, a surrogate pair's both halves
  enum class Fault { none, unknown, digits, lone_surrogate } fault = Fault::none;
};

/// `source` begins with the backslash.
Escape read_escape(std::string_view source);

}  // namespace trunkform::language
