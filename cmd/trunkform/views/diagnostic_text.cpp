#include "cmd/trunkform/views/diagnostic_text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace trunkform::views {
namespace {

/// Columns of a source line that are shown: a file may be one line of a megabyte.
constexpr std::size_t k_excerpt_width = 100;
constexpr std::size_t k_before_caret = 60;

const language::SourceFile* find_source(std::span<const language::SourceFile> sources, const std::string& name) {
  const auto found =
      std::find_if(sources.begin(), sources.end(), [&](const auto& source) { return source.name == name; });
  return found == sources.end() ? nullptr : &*found;
}

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

/// `at` moved back by up to `columns` code points, not before `least`.
std::size_t back(std::string_view text, std::size_t at, std::size_t columns, std::size_t least) {
  for (; at > least && columns > 0; --columns) do
      --at;
    while (at > least && is_continuation(text[at]));
  return at;
}

std::size_t forth(std::string_view text, std::size_t at, std::size_t columns, std::size_t most) {
  for (; at < most && columns > 0; --columns) do
      ++at;
    while (at < most && is_continuation(text[at]));
  return at;
}

void mask(std::string& text, std::size_t begin, std::size_t end) {
  std::fill(text.begin() + static_cast<std::ptrdiff_t>(begin), text.begin() + static_cast<std::ptrdiff_t>(end), '*');
}

/// A line that is shown may hold a secret that should not stand there at all: strings that are the values of such
/// arguments, and credentials in addresses, become stars. Byte for byte, so that offsets stay.
void mask_secrets(std::string& text) {
  for (const std::string_view name : {"secret\"", "passphrase\"", "password\"", "token\"", "account_key\""}) {
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
      auto begin = text.find_first_not_of(" \t\r\n", at + name.size());
      if (begin == std::string::npos || text[begin] != ':') continue;
      begin = text.find_first_not_of(" \t\r\n", begin + 1);
      if (begin == std::string::npos || text[begin] != '"') continue;
      auto end = ++begin;
      while (end < text.size() && text[end] != '"' && text[end] != '\n') end += text[end] == '\\' ? 2 : 1;
      mask(text, begin, std::min(end, text.size()));
    }
  }
  for (auto at = text.find("PRIVATE KEY-----"); at != std::string::npos; at = text.find("PRIVATE KEY-----", at + 1))
    mask(text, at, std::min(text.find('"', at), text.size()));
  for (auto at = text.find("://"); at != std::string::npos; at = text.find("://", at + 1)) {
    const auto host = text.find_first_of("/\"?# \n", at + 3);
    const auto user_end = text.rfind('@', host);
    if (user_end != std::string::npos && user_end > at) mask(text, at + 3, user_end);
  }
}

/// Made harmless, with a tab as one blank, so that the caret stands beneath what it means.
std::string shown(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '\t', ' ');
  return escape_foreign(spaced);
}

/// The line of the range's start and a line of carets beneath what the range covers of it.
std::string excerpt(std::string_view source, const SourceRange& range, const TextStyle& style) {
  // As much as is shown, and enough in front to see whose value a line begins with.
  constexpr std::size_t k_context = 4096;
  const auto skipped = range.start.offset > k_context ? range.start.offset - k_context : 0;
  std::string bytes(source.substr(std::min(skipped, source.size()), 2 * k_context));
  mask_secrets(bytes);
  const auto start = std::min(range.start.offset - skipped, bytes.size());
  const auto line_begin = start == 0 ? 0 : bytes.rfind('\n', start - 1) + 1;
  auto line_end = std::min(bytes.find('\n', start), bytes.size());
  while (line_end > start && bytes[line_end - 1] == '\r') --line_end;
  const auto from = back(bytes, start, k_before_caret, line_begin);
  const auto to = forth(bytes, from, k_excerpt_width, line_end);
  const auto end = std::clamp(range.end.offset - std::min(range.end.offset, skipped), start, to);
  const auto before = (from > line_begin ? "…" : "") + shown(std::string_view(bytes).substr(from, start - from));
  const auto marked = shown(std::string_view(bytes).substr(start, end - start));
  const auto after = shown(std::string_view(bytes).substr(end, to - end)) + (to < line_end ? "…" : "");
  const auto number = std::to_string(range.start.line);
  const auto carets = std::string(std::max<std::size_t>(text_width(marked), 1), '^');
  return fmt::format("    {} {}{}{}\n", style.faint(number + " |"), before, style.bold(marked), after) +
         fmt::format("    {} {}{}\n", style.faint(std::string(number.size(), ' ') + " |"),
                     std::string(text_width(before), ' '), style.red(carets));
}

/// Each line of a text of several indented; foreign text harmless.
std::string paragraph(std::string_view text, std::string_view first, std::string_view indent) {
  std::string result;
  auto prefix = first;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    result += fmt::format("{}{}\n", prefix, escape_foreign(text.substr(at, end - at)));
    prefix = indent;
    at = end + 1;
  }
  return result;
}

std::string place(const Error& error, std::span<const language::SourceFile> sources, const TextStyle& style) {
  const auto& range = *error.source;
  const auto* source = find_source(sources, range.file);
  const auto owner = error.address.empty() ? std::string() : fmt::format(", in {}", escape_foreign(error.address));
  const auto where = fmt::format("  on {} line {}, column {}{}:\n", escape_foreign(range.file), range.start.line,
                                 range.start.column, owner);
  return source && !source->bytes.empty() ? where + excerpt(source->bytes, range, style) : where;
}

void add_causes(std::string& text, const Error& error) {
  for (const auto& cause : error.causes) {
    text += paragraph(cause.detail.empty() ? cause.summary : cause.summary + ": " + cause.detail,
                      "  because: ", "           ");
    add_causes(text, cause);
  }
}

/// What helps with the cause itself comes before what its consequence suggests.
void add_hints(std::vector<std::string>& hints, const Error& error) {
  for (const auto& cause : error.causes) add_hints(hints, cause);
  for (const auto& hint : error.hints)
    if (std::find(hints.begin(), hints.end(), hint) == hints.end()) hints.push_back(hint);
}

}  // namespace

std::string diagnostic_text(const Diagnostic& diagnostic, std::span<const language::SourceFile> sources,
                            const TextStyle& style) {
  const auto& error = diagnostic.error;
  const auto kind = diagnostic.severity == Severity::error ? style.red("Error:") : style.yellow("Warning:");
  auto text = fmt::format("{} {}\n", kind, style.bold(escape_foreign(error.summary)));
  if (error.source)
    text += "\n" + place(error, sources, style);
  else if (!error.address.empty())
    text += fmt::format("\n  with {}:\n", escape_foreign(error.address));
  else if (!error.detail.empty() || !error.hints.empty() || !error.causes.empty())
    text += "\n";
  if (!error.detail.empty()) text += paragraph(error.detail, "  ", "  ");
  add_causes(text, error);
  std::vector<std::string> hints;
  add_hints(hints, error);
  for (const auto& hint : hints) text += paragraph(hint, style.cyan("  hint:") + " ", "        ");
  return text;
}

}  // namespace trunkform::views
