#include "planner/language/value/unicode.hpp"

#include <algorithm>
#include <functional>
#include <memory>

#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

namespace trunkform::language {
namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string map_code_points(std::string_view text, UChar32 (*mapping)(UChar32)) {
  std::string out;
  out.reserve(text.size());
  for (auto piece : code_points(text)) append_utf8(out, static_cast<std::uint32_t>(mapping(code_point_of(piece))));
  return out;
}

bool splits_words(std::uint32_t c) {
  return !(c == '_' || u_isalpha(static_cast<UChar32>(c)) || u_isdigit(static_cast<UChar32>(c)));
}

/// Calls `visit(begin, end)` for each cluster.
void each_grapheme(std::string_view text, const std::function<void(std::size_t, std::size_t)>& visit) {
  UErrorCode status = U_ZERO_ERROR;
  thread_local const std::unique_ptr<icu::BreakIterator> breaks(
      icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status));
  if (!breaks) return;
  status = U_ZERO_ERROR;
  UText* input = utext_openUTF8(nullptr, text.data(), static_cast<std::int64_t>(text.size()), &status);
  breaks->setText(input, status);
  std::int32_t begin = breaks->first();
  for (std::int32_t end = breaks->next(); end != icu::BreakIterator::DONE; begin = end, end = breaks->next())
    visit(static_cast<std::size_t>(begin), static_cast<std::size_t>(end));
  utext_close(input);
}

}  // namespace

bool is_utf8(std::string_view text) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < size;) {
    UChar32 c = 0;
    U8_NEXT(bytes, i, size, c);
    if (c < 0) return false;
  }
  return true;
}

std::string to_nfc(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  UErrorCode status = U_ZERO_ERROR;
  const auto* normalizer = icu::Normalizer2::getNFCInstance(status);
  const auto input =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  const auto normal = normalizer->normalize(input, status);
  std::string out;
  normal.toUTF8String(out);
  return out;
}

std::vector<std::string_view> graphemes(std::string_view text) {
  std::vector<std::string_view> out;
  each_grapheme(text, [&](std::size_t begin, std::size_t end) { out.push_back(text.substr(begin, end - begin)); });
  return out;
}

std::size_t count_graphemes(std::string_view text) {
  std::size_t count = 0;
  each_grapheme(text, [&](std::size_t, std::size_t) { ++count; });
  return count;
}

std::vector<std::string_view> code_points(std::string_view text) {
  std::vector<std::string_view> out;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < size;) {
    const std::int32_t begin = i;
    UChar32 c = 0;
    U8_NEXT(bytes, i, size, c);
    out.push_back(text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(i - begin)));
  }
  return out;
}

std::uint32_t code_point_of(std::string_view text) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  std::int32_t i = 0;
  UChar32 c = 0xFFFD;
  if (size > 0) U8_NEXT_OR_FFFD(bytes, i, size, c);
  return static_cast<std::uint32_t>(c);
}

void append_utf8(std::string& out, std::uint32_t code_point) {
  char bytes[4];
  std::int32_t length = 0;
  UBool failed = false;
  U8_APPEND(reinterpret_cast<std::uint8_t*>(bytes), length, 4, code_point, failed);
  if (failed) return append_utf8(out, 0xFFFD);
  out.append(bytes, static_cast<std::size_t>(length));
}

std::string to_upper(std::string_view text) { return map_code_points(text, u_toupper); }
std::string to_lower(std::string_view text) { return map_code_points(text, u_tolower); }

std::string to_title(std::string_view text) {
  std::string out;
  bool at_start = true;
  for (auto piece : code_points(text)) {
    const auto c = code_point_of(piece);
    append_utf8(out, at_start ? static_cast<std::uint32_t>(u_totitle(static_cast<UChar32>(c))) : c);
    at_start = splits_words(c);
  }
  return out;
}

bool is_space(std::uint32_t code_point) { return u_isUWhiteSpace(static_cast<UChar32>(code_point)) != 0; }

}  // namespace trunkform::language
