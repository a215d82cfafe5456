#include "cmd/trunkform/views/text_style.hpp"

#include <cstdint>

#include <fmt/format.h>

namespace trunkform::views {
namespace {

struct CodePoint {
  std::uint32_t value = 0xFFFD;
  std::size_t length = 1;
  bool valid = false;
};

CodePoint decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (length == 0 || lead > 0xF4 || text.size() < length) return {};
  std::uint32_t value = lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0U) != 0x80U) return {};
    value = (value << 6U) | (next & 0x3FU);
  }
  constexpr std::uint32_t k_least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < k_least[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {};
  return {value, length, true};
}

bool is_harmful(std::uint32_t value) {
  return value < 0x20 || (value >= 0x7F && value < 0xA0) || (value >= 0x200B && value <= 0x200F) ||
         (value >= 0x2028 && value <= 0x202E) || (value >= 0x2066 && value <= 0x2069) || value == 0xFEFF;
}

/// What .NET's TrimStart takes away before a runner looks for a command; the rest is harmful and escaped anyway.
bool is_blank(std::uint32_t value) {
  return value == ' ' || value == 0xA0 || value == 0x1680 || (value >= 0x2000 && value <= 0x200A) || value == 0x202F ||
         value == 0x205F || value == 0x3000;
}

}  // namespace

std::string TextStyle::paint(std::string_view code, std::string_view text) const {
  if (!m_on || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string escape_foreign(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  bool at_start = true;
  while (!text.empty()) {
    const auto point = decode(text);
    const bool is_command = (at_start && text.starts_with("::")) || text.starts_with("##[");
    if (!point.valid)
      safe += "\xEF\xBF\xBD";
    else if (is_harmful(point.value) || is_command)
      safe += fmt::format("\\u{{{:x}}}", point.value);
    else
      safe += text.substr(0, point.length);
    at_start = at_start && is_blank(point.value);
    text.remove_prefix(point.length);
  }
  return safe;
}

std::string counted(std::size_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

std::size_t text_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\x1b') {
      while (i < text.size() && text[i] != 'm') ++i;
      ++i;
      continue;
    }
    i += decode(text.substr(i)).length;
    ++width;
  }
  return width;
}

std::string fit(std::string_view text, std::size_t width) {
  const auto has = text_width(text);
  if (has <= width) return std::string(text) + std::string(width - has, ' ');
  std::string cut;
  std::size_t taken = 0;
  while (taken + 1 < width) {
    const auto length = decode(text).length;
    cut += text.substr(0, length);
    text.remove_prefix(length);
    ++taken;
  }
  return cut + "…";
}

}  // namespace trunkform::views
