#include "planner/language/json/explain.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "planner/language/json/escape.hpp"
#include "planner/language/json/parse.hpp"

namespace trunkform::language {
namespace {

constexpr std::string_view k_space = " \t\r\n";

bool is_word(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_' ||
         (static_cast<unsigned char>(byte) & 0x80U) != 0;
}

/// Bytes of the UTF-8 sequence at the front; 0 where there is none.
std::size_t sequence_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) return 0;
  if (length == 1) return 1;
  const auto second = static_cast<unsigned char>(text[1]);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool surrogate = lead == 0xED && second > 0x9F;
  const bool beyond = lead == 0xF4 && second > 0x8F;
  return overlong || surrogate || beyond ? 0 : length;
}

/// One mistake of syntax, with what stands around it.
class Explainer {
 public:
  Explainer(const std::string& file, std::string_view bytes, std::size_t offset, const std::vector<OpenBracket>& open)
      : m_file(file), m_bytes(bytes), m_at(offset), m_open(open), m_rest(bytes.substr(offset)) {}

  Error encoding() const {
    if (m_bytes.starts_with("\xEF\xBB\xBF"))
      return error(0, 3, "the file begins with a byte order mark", "JSON is UTF-8 without one (RFC 8259 §8.1)")
          .hint("save the file as \"UTF-8\" instead of \"UTF-8 with BOM\"");
    if (m_bytes.starts_with("\xFF\xFE") || m_bytes.starts_with("\xFE\xFF") ||
        m_bytes.substr(0, 4).find('\0') != std::string_view::npos)
      return error(0, 1, "the file is not UTF-8", "it looks like UTF-16 or UTF-32").hint("save the file as UTF-8");
    if (m_bytes.find_first_not_of(k_space) == std::string_view::npos)
      return error(0, 0, "the file is empty").hint("write at least {}, or remove the file");
    return Error(ErrorCode::internal, "");
  }

  Error in_string(std::size_t begin) const {
    if (const auto backslash = faulty_escape(begin)) return bad_escape(*backslash);
    if (m_rest.empty()) return unclosed_string(begin);
    if (m_rest.front() == '\n' || m_rest.front() == '\r') return unclosed_string(begin);
    const auto byte = static_cast<unsigned char>(m_rest.front());
    if (byte < 0x20)
      return error(m_at, 1, fmt::format("a control character (U+{:04X}) inside a string", byte))
          .hint(byte == '\t' ? "write \\t for a tab" : fmt::format("write \\u{:04x}", byte));
    return invalid_utf8();
  }

  Error elsewhere() const {
    if (m_rest.empty()) return truncated();
    if (sequence_length(m_rest) == 0) return invalid_utf8();
    if (m_rest.starts_with("//") || m_rest.starts_with("/*") || m_rest.front() == '#') return comment();
    if (m_open.empty()) return outside();
    const bool is_object = m_open.back().kind == JsonKind::object;
    const char before = last_before();
    const char byte = m_rest.front();
    const bool closes = byte == '}' || byte == ']';
    if (before == ',' && closes) return trailing_comma();
    if (closes && (before == ':' || (before != ',' && byte != (is_object ? '}' : ']'))))
      return before == ':' ? missing_value() : wrong_bracket(byte);
    if (in_number()) return bad_number();
    if (before == ':' || before == '[' || (!is_object && before == ',')) return bad_value();
    if (is_object && (before == '{' || before == ',')) return bad_key();
    if (after_key()) return missing_colon();
    return missing_comma();
  }

 private:
  const std::string& m_file;
  std::string_view m_bytes;
  std::size_t m_at;
  const std::vector<OpenBracket>& m_open;
  std::string_view m_rest;

  static bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

  Error error(std::size_t begin, std::size_t length, std::string summary, std::string detail = {}) const {
    return Error(ErrorCode::invalid_input, std::move(summary), std::move(detail))
        .at({m_file, position_in(m_bytes, begin), position_in(m_bytes, begin + length)});
  }

  /// Whether a number stands directly in front: `1.` before anything, `12` before `abc`.
  bool in_number() const {
    if (m_at == 0) return false;
    const auto before = m_bytes.find_last_not_of("0123456789.-+eE", m_at - 1);
    const auto begin = before == std::string_view::npos ? 0 : before + 1;
    const bool is_number = begin < m_at && (is_digit(m_bytes[begin]) || m_bytes[begin] == '-') &&
                           (before == std::string_view::npos || !is_word(m_bytes[before]));
    return is_number && (!is_digit(m_bytes[m_at - 1]) || is_word(m_rest.front()) || m_rest.front() == '.');
  }

  std::size_t offset_before() const {
    return m_at == 0 ? std::string_view::npos : m_bytes.find_last_not_of(k_space, m_at - 1);
  }
  char last_before() const {
    const auto at = offset_before();
    return at == std::string_view::npos ? '\0' : m_bytes[at];
  }

  std::string_view word() const {
    std::size_t length = 0;
    while (length < m_rest.size() && is_word(m_rest[length])) ++length;
    return m_rest.substr(0, length);
  }
  std::size_t width() const {
    return std::max<std::size_t>(word().size(), std::max<std::size_t>(sequence_length(m_rest), 1));
  }

  std::optional<std::size_t> faulty_escape(std::size_t begin) const {
    for (auto at = m_bytes.find('\\', begin + 1); at < m_at;) {
      const auto escape = read_escape(m_bytes.substr(at));
      const bool is_cut_off = at + 1 == m_bytes.size() || m_bytes[at + 1] == '\n';
      if (escape.fault != Escape::Fault::none && !is_cut_off) return at;
      at = m_bytes.find('\\', at + escape.length);
    }
    return std::nullopt;
  }

  Error unclosed_string(std::size_t begin) const {
    return error(begin, std::max<std::size_t>(m_at - begin, 1), "a string has no closing quote in its line")
        .hint("close it with \"; a line break inside a string is written \\n");
  }

  Error bad_escape(std::size_t at) const {
    const auto after = m_bytes.substr(at + 1);
    const auto length = sequence_length(after);
    auto failure =
        after.front() == 'u'
            ? error(at, 2, "\\u needs four hexadecimal digits")
            : error(at, 1 + length, fmt::format("the escape \\{} does not exist in JSON", after.substr(0, length)),
                    "there are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
    return std::move(failure).hint("write \\\\ for a backslash that is meant as one");
  }

  Error invalid_utf8() const {
    return error(m_at, 1,
                 fmt::format("the byte 0x{:02x} is not valid UTF-8", static_cast<unsigned char>(m_rest.front())))
        .hint("save the file as UTF-8; `iconv -f latin1 -t utf-8` converts what an old editor wrote");
  }

  Error truncated() const {
    const auto last = offset_before();
    const auto end = last == std::string_view::npos ? 0 : last;
    if (m_open.empty()) return error(end, 1, "the file ends where a value should stand");
    const auto& bracket = m_open.back();
    const char closing = bracket.kind == JsonKind::object ? '}' : ']';
    return error(end, 1, fmt::format("the file ends inside {}", describe(bracket.kind)),
                 fmt::format("it begins in line {}", position_in(m_bytes, bracket.offset).line))
        .hint(fmt::format("close it with {}; was the file cut off?", closing));
  }

  Error comment() const {
    const auto line = m_rest.substr(0, m_rest.find_first_of("\r\n"));
    return error(m_at, line.size(), "JSON has no comments")
        .hint("write \"//\": \"text\" as a member of a block: such members are ignored");
  }

  Error outside() const {
    const auto before = last_before();
    if (before == '}' || before == ']')
      return error(m_at, width(), "there is text after the end of the configuration", "a file is one JSON value")
          .hint("remove it, or move it inside the last bracket");
    if (!word().empty() && !is_digit(m_rest.front()) && before == '\0') {
      const auto line = m_rest.substr(0, m_rest.find('\n'));
      if (line.find('{') != std::string_view::npos || line.find(" = ") != std::string_view::npos)
        return error(m_at, width(), "this looks like native HCL",
                     "trunkform reads the JSON syntax of the language only")
            .hint(fmt::format("write {{ \"{}\": {{ … }} }}: see docs/configuration.md", word()));
    }
    return before == '\0'
               ? bad_value()
               : error(m_at, width(), "there is text after the end of the value", "a file is one JSON value");
  }

  Error trailing_comma() const {
    return error(offset_before(), 1, "a comma stands after the last element", "JSON has no trailing commas")
        .hint("remove the comma");
  }

  Error missing_value() const {
    return error(m_at, 1, "a value is missing after the colon").hint("write a value, or null");
  }

  Error wrong_bracket(char byte) const {
    const auto& bracket = m_open.back();
    return error(m_at, 1, fmt::format("{} closes nothing here", byte),
                 fmt::format("{} that begins in line {} is still open", describe(bracket.kind),
                             position_in(m_bytes, bracket.offset).line))
        .hint(fmt::format("close it with {} first", bracket.kind == JsonKind::object ? '}' : ']'));
  }

  Error bad_number() const {
    const auto begin = m_bytes.find_last_not_of("0123456789.-+eE", m_at - 1) + 1;
    const auto end = std::min(m_bytes.find_first_not_of("0123456789.-+eExX_abcdfABCDF", m_at), m_bytes.size());
    const auto text = m_bytes.substr(begin, end - begin);
    auto failure = error(begin, text.size(), fmt::format("{} is no JSON number", text));
    if (text.find_first_of("xX") != std::string_view::npos) return std::move(failure).hint("write it in decimal");
    if (text.size() > 1 && text.front() == '0')
      return std::move(failure).hint("remove the leading zero, or write it as a string");
    return std::move(failure).hint(
        "digits must stand before and after the point and after e; anything else is a string: in \"\"");
  }

  Error bad_value() const {
    const auto name = word();
    const char byte = m_rest.front();
    if (name == "NaN" || name == "Infinity" || m_rest.starts_with("-Infinity"))
      return error(m_at, width(), "JSON has no NaN and no infinity").hint("write null, or leave the argument out");
    if (name == "True" || name == "False" || name == "TRUE" || name == "FALSE" || name == "yes" || name == "no")
      return error(m_at, width(), fmt::format("{} is no JSON value", name)).hint("write true or false, in lower case");
    if (name == "None" || name == "undefined" || name == "nil" || name == "NULL" || name == "Null")
      return error(m_at, width(), fmt::format("{} is no JSON value", name)).hint("write null");
    if (byte == ',' || byte == '}' || byte == ']' || byte == ':')
      return error(m_at, 1, fmt::format("a value is missing before {}", byte))
          .hint("write a value, or remove what is too much");
    if (byte == '\'') return quotes("a string");
    if (byte == '-' || byte == '+' || byte == '.') return bad_number();
    if (!name.empty() || byte == '$')
      return error(m_at, width(), "a string without quotes")
          .hint("put it in double quotes; an expression is written \"${…}\"");
    return error(m_at, width(), "a value should stand here")
        .hint("a value is \"text\", a number, true, false, null, [ … ] or { … }");
  }

  Error quotes(std::string_view what) const {
    return error(m_at, 1, fmt::format("{} in single quotes", what)).hint("JSON has double quotes only: \"…\"");
  }

  Error bad_key() const {
    const char byte = m_rest.front();
    if (byte == '\'') return quotes("a key");
    if (byte == ',') return error(m_at, 1, "a comma too many").hint("remove it");
    if (byte == ':') return error(m_at, 1, "a key is missing before the colon").hint("write \"name\": value");
    return error(m_at, width(), "a key should stand here, in double quotes").hint("write \"name\": value");
  }

  /// Whether the last string is a key: what stands in front of it is `{` or `,` in an object.
  bool after_key() const {
    if (m_open.back().kind != JsonKind::object) return false;
    auto at = offset_before();
    if (m_bytes[at] != '"' || at == 0) return false;
    for (--at; at > 0; --at) {
      if (m_bytes[at] != '"') continue;
      std::size_t backslashes = 0;
      while (backslashes < at && m_bytes[at - 1 - backslashes] == '\\') ++backslashes;
      if (backslashes % 2 == 0) break;
    }
    const auto front = at == 0 ? std::string_view::npos : m_bytes.find_last_not_of(k_space, at - 1);
    return front != std::string_view::npos && (m_bytes[front] == '{' || m_bytes[front] == ',');
  }

  Error missing_colon() const {
    auto failure = error(m_at, width(), "a colon is missing after the key");
    if (m_rest.front() == '=') return std::move(failure).hint("write : instead of =");
    return std::move(failure).hint("write \"name\": value");
  }

  Error missing_comma() const {
    const auto& bracket = m_open.back();
    const char closing = bracket.kind == JsonKind::object ? '}' : ']';
    // Shown at the end of what the comma should follow: that is where the hand goes.
    return error(offset_before(), 1, fmt::format("a comma or {} is missing after this", closing),
                 fmt::format("it belongs to {} that begins in line {}", describe(bracket.kind),
                             position_in(m_bytes, bracket.offset).line))
        .hint(fmt::format("write a comma before what follows, or {}", closing));
  }
};

/// The opening quote of the string in which `offset` stands, if it does. Strings are counted from the last place that
/// is certainly outside of one: the innermost open bracket.
std::optional<std::size_t> open_string(std::string_view bytes, std::size_t from, std::size_t offset) {
  std::optional<std::size_t> begin;
  for (auto at = from; at < offset; ++at) {
    if (begin && bytes[at] == '\\') {
      ++at;
      continue;
    }
    if (bytes[at] != '"') continue;
    if (begin) {
      begin.reset();
    } else {
      begin = at;
    }
  }
  return begin;
}

}  // namespace

Error explain(const std::string& file, std::string_view bytes, const JsonFault& fault,
              const std::vector<OpenBracket>& open) {
  const auto at = [&](std::size_t length) {
    return SourceRange{file, position_in(bytes, fault.offset), position_in(bytes, fault.offset + length)};
  };
  if (fault.kind == JsonFault::Kind::depth)
    return Error(ErrorCode::invalid_input, fmt::format("more than {} levels of brackets", k_json_depth)).at(at(1));
  if (fault.kind == JsonFault::Kind::lone_surrogate)
    return Error(ErrorCode::invalid_input, fmt::format("{} is half a character", bytes.substr(fault.offset, 6)),
                 "UTF-16 surrogates stand in pairs: \\ud83d\\ude00")
        .at(at(6))
        .hint("write the character itself, or both halves");
  const Explainer explainer(file, bytes, fault.offset, open);
  if (auto error = explainer.encoding(); !error.summary.empty()) return error;
  const auto begin = open_string(bytes, open.empty() ? 0 : open.back().offset, fault.offset);
  return begin ? explainer.in_string(*begin) : explainer.elsewhere();
}

}  // namespace trunkform::language
