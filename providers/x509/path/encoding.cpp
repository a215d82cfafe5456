#include "providers/x509/path/encoding.hpp"

#include <optional>

namespace trunkform::x509::detail {
namespace {

constexpr int k_deepest = 32;  // certificates are about a dozen deep

unsigned octet(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

struct Element {
  unsigned identifier = 0;
  std::string_view content;

  bool is_constructed() const { return (identifier & 0x20U) != 0; }
  bool is_universal() const { return (identifier & 0xC0U) == 0; }
  unsigned number() const { return identifier & 0x1FU; }
};

/// X.690 §8.1.3, §10.1. Takes it and its octets from `text`.
std::optional<std::size_t> take_length(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  const auto first = octet(text, 0);
  text.remove_prefix(1);
  if (first < 0x80) return first;
  const std::size_t octets = first & 0x7FU;
  if (octets == 0 || octets > sizeof(std::size_t) / 2 || octets > text.size()) return std::nullopt;
  std::size_t length = 0;
  for (std::size_t i = 0; i < octets; ++i) length = length << 8U | octet(text, i);
  const bool shorter = length < 0x80 || octet(text, 0) == 0;
  text.remove_prefix(octets);
  return shorter ? std::nullopt : std::optional(length);
}

std::optional<Element> take_element(std::string_view& text) {
  Element element;
  element.identifier = octet(text, 0);
  if (element.number() == 0x1F) return std::nullopt;  // no certificate has a tag above 30
  text.remove_prefix(1);
  const auto length = take_length(text);
  if (!length || *length > text.size()) return std::nullopt;
  element.content = text.substr(0, *length);
  text.remove_prefix(*length);
  return element;
}

bool is_number(std::string_view content) {
  if (content.empty()) return false;
  if (content.size() == 1) return true;
  const bool negative = (octet(content, 1) & 0x80U) != 0;
  return octet(content, 0) != (negative ? 0xFFU : 0U);
}

bool is_bit_string(std::string_view content) {
  if (content.empty()) return false;
  const auto unused = octet(content, 0);
  if (content.size() == 1) return unused == 0;
  return unused < 8 && (octet(content, content.size() - 1) & ((1U << unused) - 1)) == 0;
}

bool is_primitive(const Element& element) {
  static constexpr unsigned k_boolean = 1, k_integer = 2, k_bit_string = 3, k_null = 5, k_enumerated = 10;
  if (!element.is_universal()) return true;
  switch (element.number()) {
    case k_boolean:
      return element.content == std::string_view("\0", 1) || element.content == "\xFF";
    case k_integer:
    case k_enumerated:
      return is_number(element.content);
    case k_bit_string:
      return is_bit_string(element.content);
    case k_null:
      return element.content.empty();
    default:
      return true;
  }
}

bool are_distinguished(std::string_view elements, int deep) {
  static constexpr unsigned k_sequence = 16, k_set = 17;
  while (!elements.empty()) {
    const auto element = take_element(elements);
    if (!element) return false;
    if (!element->is_constructed()) {
      if (!is_primitive(*element)) return false;
      continue;
    }
    const bool holds_others = !element->is_universal() || element->number() == k_sequence || element->number() == k_set;
    if (!holds_others || deep == k_deepest || !are_distinguished(element->content, deep + 1)) return false;
  }
  return true;
}

}  // namespace

bool is_distinguished(std::string_view octets) { return are_distinguished(octets, 0); }

}  // namespace trunkform::x509::detail
