#pragma once
// Text as the language sees it: always NFC, counted in grapheme clusters, cased code point by code point (no locale).
// ICU stays behind this header. Pure, thread-safe.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trunkform::language {

/// NFC; bytes that are not UTF-8 become U+FFFD.
std::string to_nfc(std::string_view text);
/// Grapheme clusters (UAX 29), as views into `text`, which must be UTF-8.
std::vector<std::string_view> graphemes(std::string_view text);
std::size_t count_graphemes(std::string_view text);
/// Code points as views into `text`.
std::vector<std::string_view> code_points(std::string_view text);
bool is_utf8(std::string_view text);

std::string to_upper(std::string_view text);
std::string to_lower(std::string_view text);
/// The first letter after anything that is no letter, digit or underscore in upper case; the rest stays.
std::string to_title(std::string_view text);
bool is_space(std::uint32_t code_point);
/// Decodes the code point at the start of `text`, which is one of `code_points`.
std::uint32_t code_point_of(std::string_view text);
void append_utf8(std::string& out, std::uint32_t code_point);

}  // namespace trunkform::language
