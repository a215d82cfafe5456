#include "providers/cloud/foreign_text.hpp"

#include <cstdint>

#include <fmt/format.h>

namespace trunkform::cloud {
namespace {

/// Length of the well-formed UTF-8 sequence at the front, 0 where there is none; `point` is its value.
std::size_t sequence(std::string_view text, std::uint32_t& point) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0x80                    ? 1
                             : first >= 0xC2 && first < 0xE0 ? 2
                             : first >= 0xE0 && first < 0xF0 ? 3
                             : first >= 0xF0 && first < 0xF5 ? 4
                                                             : 0;
  if (length == 0 || text.size() < length) return 0;
  point = length == 1 ? first : first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0U) != 0x80U) return 0;
    point = (point << 6U) | (next & 0x3FU);
  }
  const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  return overlong || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000) ? 0 : length;
}

/// Controls, and the marks that hide text or change its direction (CVE-2021-42574).
bool is_harmless(std::uint32_t point) {
  if (point < 0x20 || (point >= 0x7F && point < 0xA0)) return false;
  const bool invisible = (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
                         (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF || point == 0xAD || point >= 0xE0000;
  return !invisible;
}

}  // namespace

std::string quoted(std::string_view text, std::size_t limit) {
  std::string shown = "\"";
  while (!text.empty()) {
    if (shown.size() > limit) return shown + "…\"";
    std::uint32_t point = 0;
    const auto length = sequence(text, point);
    if (length != 0 && is_harmless(point)) {
      if (point == '"' || point == '\\') shown += '\\';
      shown.append(text.substr(0, length));
    } else if (text.front() == '\n') {
      shown += "\\n";
    } else {
      for (const auto byte : text.substr(0, length == 0 ? 1 : length))
        shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return shown + "\"";
}

}  // namespace trunkform::cloud
