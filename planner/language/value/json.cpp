#include "planner/language/value/json.hpp"

#include <cctype>

#include <fmt/format.h>

#include "planner/language/value/unicode.hpp"

namespace trunkform::language {
namespace {

Error json_failure(std::string why) { return Error(ErrorCode::invalid_input, std::move(why)); }

void write_string(std::string_view text, std::string& out) {
  out += '"';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    switch (c) {
      case '"':
        out += "\\\"";
        continue;
      case '\\':
        out += "\\\\";
        continue;
      case '\n':
        out += "\\n";
        continue;
      case '\r':
        out += "\\r";
        continue;
      case '\t':
        out += "\\t";
        continue;
      default:
        break;
    }
    // U+2028 and U+2029 end lines in JavaScript; `<`, `>` and `&` mean something in HTML.
    const bool separator = text.substr(i, 3) == "\xE2\x80\xA8" || text.substr(i, 3) == "\xE2\x80\xA9";
    if (separator) {
      out += text[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else if (c < 0x20 || c == '<' || c == '>' || c == '&') {
      out += fmt::format("\\u{:04x}", c);
    } else {
      out += text[i];
    }
  }
  out += '"';
}

Result<> write(const Value& value, std::string& out) {
  if (value.is_unknown()) return json_failure("a value that is not known yet has no JSON");
  if (value.is_null()) {
    out += "null";
    return {};
  }
  switch (value.kind()) {
    case TypeKind::boolean:
      out += value.as_bool() ? "true" : "false";
      return {};
    case TypeKind::number:
      if (value.as_number().is_infinite()) return json_failure("infinity has no JSON");
      out += value.as_number().to_string();
      return {};
    case TypeKind::string:
      write_string(value.as_string(), out);
      return {};
    case TypeKind::map:
    case TypeKind::object: {
      out += '{';
      bool first = true;
      for (const auto& entry : value.entries()) {
        if (!first) out += ',';
        first = false;
        write_string(entry.key, out);
        out += ':';
        TRY(write(entry.value, out));
      }
      out += '}';
      return {};
    }
    default: {
      out += '[';
      bool first = true;
      for (const auto& element : value.elements()) {
        if (!first) out += ',';
        first = false;
        TRY(write(element, out));
      }
      out += ']';
      return {};
    }
  }
}

/// JSON text to a Value. Own code, because every digit of a number and the sign of -0 count, and depth is bounded.
class Reader {
 public:
  explicit Reader(std::string_view text) : m_text(text) {}

  Result<Value> document() {
    auto value = TRY(read(0));
    skip_space();
    if (m_at != m_text.size()) return wrong("something follows the end of the value");
    return value;
  }

 private:
  Error wrong(std::string_view why) const { return json_failure(fmt::format("{} at byte {}", why, m_at)); }
  bool ended() const { return m_at >= m_text.size(); }
  char peek() const { return ended() ? '\0' : m_text[m_at]; }
  void skip_space() {
    while (!ended() && (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r')) ++m_at;
  }
  bool take(char c) {
    skip_space();
    if (ended() || peek() != c) return false;
    ++m_at;
    return true;
  }
  bool take_word(std::string_view word) {
    if (m_text.substr(m_at, word.size()) != word) return false;
    m_at += word.size();
    return true;
  }

  Result<Value> read(unsigned depth) {
    if (depth >= Value::k_greatest_depth / 2) return wrong("nested too deep");
    skip_space();
    if (ended()) return wrong("the text ends where a value should be");
    switch (peek()) {
      case '{':
        return read_object(depth);
      case '[':
        return read_array(depth);
      case '"':
        return Value::string(TRY(read_string()));
      default:
        break;
    }
    if (take_word("null")) return Value();
    if (take_word("true")) return Value::boolean(true);
    if (take_word("false")) return Value::boolean(false);
    return read_number();
  }

  Result<Value> read_object(unsigned depth) {
    ++m_at;
    std::vector<Entry> entries;
    if (take('}')) return Value::object({});
    do {
      skip_space();
      if (peek() != '"') return wrong("a key in quotes is missing");
      auto key = TRY(read_string());
      if (!take(':')) return wrong("\":\" is missing after a key");
      auto value = TRY(read(depth + 1));
      entries.push_back({std::move(key), std::move(value)});
    } while (take(','));
    if (!take('}')) return wrong("\",\" or \"}\" is missing");
    return Value::object(std::move(entries));
  }

  Result<Value> read_array(unsigned depth) {
    ++m_at;
    std::vector<Value> elements;
    if (take(']')) return Value::tuple({});
    do elements.push_back(TRY(read(depth + 1)));
    while (take(','));
    if (!take(']')) return wrong("\",\" or \"]\" is missing");
    return Value::tuple(std::move(elements));
  }

  Result<Value> read_number() {
    const auto begin = m_at;
    const auto digits = [&] {
      const auto from = m_at;
      while (peek() >= '0' && peek() <= '9') ++m_at;
      return m_at - from;
    };
    if (peek() == '-') ++m_at;
    const bool leading_zero = peek() == '0';
    const auto whole = digits();
    if (whole == 0 || (leading_zero && whole > 1)) return wrong("not a value");
    if (peek() == '.' && (++m_at, digits() == 0)) return wrong("a digit is missing");
    if (peek() == 'e' || peek() == 'E') {
      ++m_at;
      if (peek() == '+' || peek() == '-') ++m_at;
      if (digits() == 0) return wrong("a digit is missing");
    }
    auto number = Number::parse(m_text.substr(begin, m_at - begin));
    if (!number) return wrong("the number is too large or too small to compute with");
    return Value::number(*number);
  }

  Result<std::uint32_t> read_hex() {
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i, ++m_at) {
      const char c = peek();
      if (!std::isxdigit(static_cast<unsigned char>(c))) return wrong("\\u needs four hexadecimal digits");
      code = code * 16 + static_cast<std::uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return code;
  }

  Result<> read_escape(std::string& out) {
    const char c = peek();
    ++m_at;
    switch (c) {
      case '"':
      case '\\':
      case '/':
        out += c;
        return {};
      case 'b':
        out += '\b';
        return {};
      case 'f':
        out += '\f';
        return {};
      case 'n':
        out += '\n';
        return {};
      case 'r':
        out += '\r';
        return {};
      case 't':
        out += '\t';
        return {};
      case 'u':
        break;
      default:
        return wrong("unknown escape");
    }
    auto code = TRY(read_hex());
    if (code >= 0xD800 && code < 0xDC00 && m_text.substr(m_at, 2) == "\\u") {
      const auto before = m_at;
      m_at += 2;
      const auto low = TRY(read_hex());
      if (low >= 0xDC00 && low < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      } else {
        m_at = before;
      }
    }
    append_utf8(out, code);
    return {};
  }

  Result<std::string> read_string() {
    ++m_at;
    std::string out;
    for (;;) {
      if (ended()) return wrong("the text ends inside a string");
      const char c = m_text[m_at];
      if (static_cast<unsigned char>(c) < 0x20) return wrong("a control character stands in a string");
      ++m_at;
      if (c == '"') return out;
      if (c == '\\') {
        TRY(read_escape(out));
      } else {
        out += c;
      }
    }
  }

  std::string_view m_text;
  std::size_t m_at = 0;
};

}  // namespace

Result<std::string> encode_json(const Value& value) {
  std::string out;
  TRY(write(value, out));
  return out;
}

Result<Value> decode_json(std::string_view text) { return Reader(text).document(); }

}  // namespace trunkform::language
