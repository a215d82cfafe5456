#include "planner/language/json/escape.hpp"

#include <charconv>
#include <cstdint>
#include <optional>

namespace trunkform::language {
namespace {

std::optional<std::uint32_t> unit(std::string_view source) {
  if (source.size() < 6 || source[0] != '\\' || source[1] != 'u') return std::nullopt;
  std::uint32_t value = 0;
  const auto* end = source.data() + 6;
  const auto [stop, failure] = std::from_chars(source.data() + 2, end, value, 16);
  if (failure != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::string utf8(std::uint32_t point) {
  std::string text;
  const auto tail = [&](unsigned shift) { text += static_cast<char>(0x80U | ((point >> shift) & 0x3FU)); };
  if (point < 0x80) {
    text += static_cast<char>(point);
  } else if (point < 0x800) {
    text += static_cast<char>(0xC0U | (point >> 6));
    tail(0);
  } else if (point < 0x10000) {
    text += static_cast<char>(0xE0U | (point >> 12));
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xF0U | (point >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
  return text;
}

Escape read_unicode(std::string_view source) {
  const auto first = unit(source);
  if (!first) return {{}, 2, Escape::Fault::digits};
  if (*first < 0xD800 || *first > 0xDFFF) return {utf8(*first), 6, Escape::Fault::none};
  const auto second = unit(source.substr(6));
  if (*first > 0xDBFF || !second || *second < 0xDC00 || *second > 0xDFFF) return {{}, 6, Escape::Fault::lone_surrogate};
  return {utf8(0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00)), 12, Escape::Fault::none};
}

}  // namespace

Escape read_escape(std::string_view source) {
  if (source.size() < 2) return {{}, source.size(), Escape::Fault::unknown};
  switch (source[1]) {
    case '"':
    case '\\':
    case '/':
      return {std::string(1, source[1]), 2, Escape::Fault::none};
    case 'b':
      return {"\b", 2, Escape::Fault::none};
    case 'f':
      return {"\f", 2, Escape::Fault::none};
    case 'n':
      return {"\n", 2, Escape::Fault::none};
    case 'r':
      return {"\r", 2, Escape::Fault::none};
    case 't':
      return {"\t", 2, Escape::Fault::none};
    case 'u':
      return read_unicode(source);
    default:
      return {{}, 2, Escape::Fault::unknown};
  }
}

}  // namespace trunkform::language
