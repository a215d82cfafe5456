#include "schemas/model/address.hpp"

#include <charconv>

#include <fmt/format.h>

namespace trunkform {
namespace {

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t length = 1;
};

/// What a terminal would obey or what reorders a line, at the start of `text`: controls (C0, DEL, C1), and U+200B to
/// U+200F, U+2028 to U+202E, U+2066 to U+2069. None: it can be shown as it is.
std::optional<CodePoint> unprintable(std::string_view text) {
  const auto byte = [&](std::size_t at) -> std::uint32_t {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  if (byte(0) < 0x20 || byte(0) == 0x7F) return CodePoint{byte(0), 1};
  if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) < 0xA0) return CodePoint{byte(1), 2};
  if (byte(0) != 0xE2 || (byte(1) != 0x80 && byte(1) != 0x81)) return std::nullopt;
  const auto value = 0x2000U | ((byte(1) & 0x3FU) << 6U) | (byte(2) & 0x3FU);
  const bool reorders = (value >= 0x200B && value <= 0x200F) || (value >= 0x2028 && value <= 0x202E) ||
                        (value >= 0x2066 && value <= 0x2069);
  return reorders ? std::optional(CodePoint{value, 3}) : std::nullopt;
}

std::string quote(std::string_view text) {
  std::string quoted = "\"";
  for (; !text.empty(); text.remove_prefix(1)) {
    const char character = text.front();
    switch (character) {
      case '"':
        quoted += "\\\"";
        break;
      case '\\':
        quoted += "\\\\";
        break;
      case '\n':
        quoted += "\\n";
        break;
      case '\r':
        quoted += "\\r";
        break;
      case '\t':
        quoted += "\\t";
        break;
      default:
        if (const auto point = unprintable(text)) {
          quoted += fmt::format("\\u{:04x}", point->value);
          text.remove_prefix(point->length - 1);
        } else {
          quoted += character;
        }
    }
  }
  return quoted + '"';
}

std::string key_text(const InstanceKey& key) {
  if (const auto* index = std::get_if<std::int64_t>(&key)) return fmt::format("[{}]", *index);
  if (const auto* name = std::get_if<std::string>(&key)) return "[" + quote(*name) + "]";
  return {};
}

class AddressReader {
 public:
  explicit AddressReader(std::string_view text) : m_text(text) {}

  Result<Address> read() {
    Address address;
    auto first = TRY(label());
    while (first == "module") {
      TRY(dot());
      ModuleStep step;
      step.name = TRY(label());
      step.key = TRY(key());
      address.modules.push_back(std::move(step));
      TRY(dot());
      first = TRY(label());
    }
    address.type = std::move(first);
    TRY(dot());
    if (address.type == "certificate") {
      address.type += "." + TRY(label());
      TRY(dot());
    }
    address.name = TRY(label());
    address.key = TRY(key());
    if (m_at != m_text.size()) return unexpected("the end");
    return address;
  }

 private:
  std::string_view m_text;
  std::size_t m_at = 0;

  bool more() const { return m_at < m_text.size(); }

  Error unexpected(std::string_view wanted) const {
    return Error(ErrorCode::invalid_input, fmt::format("invalid address {}", quote(m_text)),
                 fmt::format("expected {} at character {}", wanted, m_at + 1))
        .hint(
            "an address looks like genesys_trunk_certificate.carrier_a or "
            "genesys_trunk_certificate.carrier_a[\"Carrier A East\"]; quote it for the shell: '…'");
  }

  Result<> dot() {
    if (!more() || m_text[m_at] != '.') return unexpected("a dot");
    ++m_at;
    return {};
  }

  static bool is_label_character(char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || character == '_' || character == '-' ||
           static_cast<unsigned char>(character) >= 0x80;
  }

  Result<std::string> label() {
    const auto start = m_at;
    while (more() && is_label_character(m_text[m_at])) ++m_at;
    if (m_at == start || (m_text[start] >= '0' && m_text[start] <= '9')) return unexpected("a name");
    return std::string(m_text.substr(start, m_at - start));
  }

  Result<InstanceKey> key() {
    if (!more() || m_text[m_at] != '[') return InstanceKey{};
    ++m_at;
    InstanceKey result;
    if (more() && m_text[m_at] == '"') {
      result = TRY(quoted());
    } else {
      std::int64_t index = 0;
      const auto [end, failure] = std::from_chars(m_text.data() + m_at, m_text.data() + m_text.size(), index);
      if (failure != std::errc() || index < 0) return unexpected("a quoted key or an index");
      m_at = static_cast<std::size_t>(end - m_text.data());
      result = index;
    }
    if (!more() || m_text[m_at] != ']') return unexpected("]");
    ++m_at;
    return result;
  }

  /// The four digits after `\u`, as UTF-8; ends at the last of them.
  Result<std::string> code_point() {
    const auto digits = m_text.substr(m_at + 1, 4);
    std::uint32_t value = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() != 4 || failure != std::errc() || end != digits.data() + 4 ||
        (value >= 0xD800 && value <= 0xDFFF))
      return unexpected("four hexadecimal digits of a character");
    m_at += 4;
    const auto tail = [&](unsigned shift) { return static_cast<char>(0x80U | ((value >> shift) & 0x3FU)); };
    if (value < 0x80) return std::string(1, static_cast<char>(value));
    if (value < 0x800) return std::string{static_cast<char>(0xC0U | (value >> 6U)), tail(0)};
    return std::string{static_cast<char>(0xE0U | (value >> 12U)), tail(6), tail(0)};
  }

  Result<std::string> quoted() {
    std::string text;
    for (++m_at; more() && m_text[m_at] != '"'; ++m_at) {
      if (m_text[m_at] != '\\') {
        text += m_text[m_at];
        continue;
      }
      if (++m_at == m_text.size()) break;
      switch (m_text[m_at]) {
        case 'n':
          text += '\n';
          break;
        case 'r':
          text += '\r';
          break;
        case 't':
          text += '\t';
          break;
        case '"':
        case '\\':
          text += m_text[m_at];
          break;
        case 'u':
          text += TRY(code_point());
          break;
        default:
          return unexpected("one of \\n \\r \\t \\\" \\\\ \\uNNNN");
      }
    }
    if (!more()) return unexpected("a closing quote");
    ++m_at;
    return text;
  }
};

}  // namespace

std::string to_string(const Address& address) {
  std::string text;
  for (const auto& step : address.modules) text += "module." + step.name + key_text(step.key) + ".";
  return text + address.type + "." + address.name + key_text(address.key);
}

Result<Address> parse_address(std::string_view text) { return AddressReader(text).read(); }

bool is_within(const Address& address, const Address& target) {
  if (address.type != target.type || address.name != target.name || address.modules != target.modules) return false;
  return std::holds_alternative<std::monostate>(target.key) || address.key == target.key;
}

}  // namespace trunkform
