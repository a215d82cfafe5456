#include "cmd/trunkform/views/value_text.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace trunkform::views {
namespace {

using language::TypeKind;
using language::Value;

/// One code point of valid UTF-8.
struct CodePoint {
  char32_t value = 0;
  std::size_t length = 1;
};

CodePoint code_point_at(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t value = length == 1 ? lead : lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length && at + i < text.size(); ++i)
    value = value << 6U | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  return {value, std::min(length, text.size() - at)};
}

/// What would move a terminal's cursor, hide, or turn the direction of the text.
bool is_invisible(char32_t c) {
  return (c >= 0x7F && c <= 0xA0) || c == 0xAD || c == 0x61C || c == 0x180E || (c >= 0x2000 && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F) || c == 0x3000 || c == 0xFEFF ||
         (c >= 0xE000 && c <= 0xF8FF) || (c >= 0xFFF0 && c <= 0xFFFB) || c >= 0xE0000;
}

std::string escape_of(char32_t c) {
  switch (c) {
    case '\a':
      return "\\a";
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    case '\v':
      return "\\v";
    case '\\':
      return "\\\\";
    case '"':
      return "\\\"";
    default:
      break;
  }
  const auto number = static_cast<std::uint32_t>(c);
  if (number < 0x20 || number == 0x7F) return fmt::format("\\x{:02x}", number);
  return number < 0x10000 ? fmt::format("\\u{:04x}", number) : fmt::format("\\U{:08x}", number);
}

std::string quoted_text(std::string_view text) {
  std::string quoted = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const auto [c, length] = code_point_at(text, at);
    if (c < 0x20 || c == '\\' || c == '"' || is_invisible(c))
      quoted += escape_of(c);
    else
      quoted += text.substr(at, length);
    at += length;
  }
  return quoted + '"';
}

/// Terraform prints a heredoc's lines raw; a value that could drive the terminal stays in quotes here.
bool is_fit_for_heredoc(std::string_view text) {
  if (text.find('\n') == std::string_view::npos) return false;
  for (std::size_t at = 0; at < text.size();) {
    const auto [c, length] = code_point_at(text, at);
    if ((c < 0x20 && c != '\n' && c != '\t') || is_invisible(c)) return false;
    at += length;
  }
  return true;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t at = 0;;) {
    const auto end = text.find('\n', at);
    lines.push_back(text.substr(at, end == std::string_view::npos ? end : end - at));
    if (end == std::string_view::npos) return lines;
    at = end + 1;
  }
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string heredoc_text(std::string_view text, std::size_t indent) {
  const auto lines = lines_of(text);
  std::string delimiter = "EOT";
  while (std::any_of(lines.begin(), lines.end(), [&](auto line) { return trimmed(line) == delimiter; }))
    delimiter += '_';
  const std::string margin(indent, ' ');
  std::string heredoc = (indent > 0 ? "<<-" : "<<") + delimiter;
  for (const auto line : lines) heredoc += fmt::format("\n{}{}", margin, line);
  return heredoc + '\n' + margin + delimiter;
}

std::string null_text(const language::Type& type) {
  switch (type.kind()) {
    case TypeKind::dynamic:
      return "null";
    case TypeKind::string:
      return "tostring(null)";
    case TypeKind::number:
      return "tonumber(null)";
    case TypeKind::boolean:
      return "tobool(null)";
    case TypeKind::list:
      return fmt::format("tolist(null) /* of {} */", type.element().friendly());
    case TypeKind::set:
      return fmt::format("toset(null) /* of {} */", type.element().friendly());
    case TypeKind::map:
      return fmt::format("tomap(null) /* of {} */", type.element().friendly());
    case TypeKind::tuple:
    case TypeKind::object:
      break;
  }
  return fmt::format("null /* {} */", type.friendly());
}

std::string text_of(const Value& value, std::size_t indent);

std::string sequence_text(const Value& value, std::size_t indent) {
  if (value.elements().empty()) return "[]";
  const std::string margin(indent + 2, ' ');
  std::string text = "[\n";
  for (const auto& element : value.elements()) text += fmt::format("{}{},\n", margin, text_of(element, indent + 2));
  return text + std::string(indent, ' ') + ']';
}

std::string mapping_text(const Value& value, std::size_t indent) {
  if (value.entries().empty()) return "{}";
  const std::string margin(indent + 2, ' ');
  std::string text = "{\n";
  for (const auto& entry : value.entries())
    text += fmt::format("{}{} = {}\n", margin, quoted_text(entry.key), text_of(entry.value, indent + 2));
  return text + std::string(indent, ' ') + '}';
}

std::string text_of(const Value& value, std::size_t indent) {
  if (value.is_sensitive()) return "(sensitive value)";
  if (value.is_unknown()) return "(known after apply)";
  if (value.is_null()) return null_text(value.type());
  switch (value.kind()) {
    case TypeKind::boolean:
      return value.as_bool() ? "true" : "false";
    case TypeKind::number:
      return value.as_number().to_string();
    case TypeKind::string:
      return is_fit_for_heredoc(value.as_string()) ? heredoc_text(value.as_string(), indent)
                                                   : quoted_text(value.as_string());
    case TypeKind::list:
      return "tolist(" + sequence_text(value, indent) + ")";
    case TypeKind::set:
      return "toset(" + sequence_text(value, indent) + ")";
    case TypeKind::map:
      return "tomap(" + mapping_text(value, indent) + ")";
    case TypeKind::tuple:
      return sequence_text(value, indent);
    case TypeKind::object:
      return mapping_text(value, indent);
    case TypeKind::dynamic:
      break;
  }
  return "null";
}

}  // namespace

std::string value_text(const language::Value& value) { return text_of(value, 0); }

}  // namespace trunkform::views
