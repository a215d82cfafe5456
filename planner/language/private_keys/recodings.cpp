#include "planner/language/private_keys/recodings.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "planner/language/private_keys/decimals.hpp"

namespace trunkform::language {
namespace {

constexpr std::int8_t k_none = -1, k_passed_over = -2;

using Alphabet = std::array<std::int8_t, 256>;

constexpr void pass_over(Alphabet& alphabet, std::string_view characters) {
  for (const char one : characters) alphabet[static_cast<unsigned char>(one)] = k_passed_over;
}

/// Both of RFC 4648 §§4, 5, in lines or not.
constexpr Alphabet base64_alphabet() {
  Alphabet alphabet{};
  alphabet.fill(k_none);
  for (std::int8_t i = 0; i < 26; ++i) {
    alphabet['A' + static_cast<std::size_t>(i)] = i;
    alphabet['a' + static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i + 26);
  }
  for (std::int8_t i = 0; i < 10; ++i) alphabet['0' + static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i + 52);
  alphabet['+'] = alphabet['-'] = 62;
  alphabet['/'] = alphabet['_'] = 63;
  pass_over(alphabet, " \t\r\n");
  return alphabet;
}

/// `30 82 04`, `30:82:04`, `30-82-04`, `30;82;04`, `0x30, 0x82, 0x04`, `\x30\x82\x04`.
constexpr Alphabet hex_alphabet() {
  Alphabet alphabet{};
  alphabet.fill(k_none);
  for (std::int8_t i = 0; i < 10; ++i) alphabet['0' + static_cast<std::size_t>(i)] = i;
  for (std::int8_t i = 0; i < 6; ++i) {
    alphabet['A' + static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i + 10);
    alphabet['a' + static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i + 10);
  }
  pass_over(alphabet, " \t\r\n:,;-|\\xX");
  return alphabet;
}

/// RFC 4648 §6, in capitals or not.
constexpr Alphabet base32_alphabet() {
  Alphabet alphabet{};
  alphabet.fill(k_none);
  for (std::int8_t i = 0; i < 26; ++i)
    alphabet['A' + static_cast<std::size_t>(i)] = alphabet['a' + static_cast<std::size_t>(i)] = i;
  for (std::int8_t i = 0; i < 6; ++i) alphabet['2' + static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i + 26);
  pass_over(alphabet, " \t\r\n");
  return alphabet;
}

constexpr auto k_base64 = base64_alphabet();
constexpr auto k_base32 = base32_alphabet();
constexpr auto k_hex = hex_alphabet();

/// The digits from `at` on, as far as the alphabet goes; `at` is then behind them. The 0 of `0x` is no digit.
std::string digits(std::string_view text, std::size_t& at, const Alphabet& alphabet, bool marks) {
  std::string found;
  for (; at < text.size(); ++at) {
    const auto digit = alphabet[static_cast<unsigned char>(text[at])];
    if (digit == k_none) break;
    const bool is_mark =
        marks && text[at] == '0' && at + 1 < text.size() && (text[at + 1] == 'x' || text[at + 1] == 'X');
    if (digit != k_passed_over && !is_mark) found.push_back(static_cast<char>(digit));
  }
  return found;
}

std::string bytes_of(std::string_view digits, unsigned bits) {
  std::string bytes;
  bytes.reserve(digits.size() * bits / 8);
  std::uint32_t held = 0;
  unsigned count = 0;
  for (const char digit : digits) {
    held = held << bits | static_cast<unsigned char>(digit);
    count += bits;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<char>(held >> count & 0xffU));
  }
  return bytes;
}

/// Every run of digits, begun at each of the digits that a byte may begin with: words before it belong to the run.
void add_runs(std::string_view text, const Alphabet& alphabet, unsigned bits, std::vector<std::string>& to) {
  constexpr std::size_t k_least_bits = 160;  // less begins no key
  const bool is_hex = bits == 4;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto run = digits(text, at, alphabet, is_hex);
    if (run.size() * bits < k_least_bits) continue;
    const std::size_t starts = is_hex ? 2 : bits == 6 ? 4 : 8;
    for (std::size_t start = 0; start < starts; ++start)
      to.push_back(bytes_of(std::string_view(run).substr(start), bits));
  }
}

int hex_digit(char c) {
  const auto digit = k_hex[static_cast<unsigned char>(c)];
  return digit < 0 ? -1 : digit;
}

/// RFC 3986 §2.1.
std::string without_percents(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape =
        text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
    plain.push_back(is_escape ? static_cast<char>(hex_digit(text[i + 1]) << 4 | hex_digit(text[i + 2])) : text[i]);
    if (is_escape) i += 2;
  }
  return plain;
}

/// `\u0064`, where it is ASCII; 0: it is something else.
char unicode_escape(std::string_view digits) {
  if (digits.size() < 4 || digits[0] != '0' || digits[1] != '0') return 0;
  const int high = hex_digit(digits[2]), low = hex_digit(digits[3]);
  return high < 0 || low < 0 ? '\0' : static_cast<char>(high << 4 | low);
}

/// RFC 8259 §7, and so of most languages' strings.
std::string without_escapes(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      plain.push_back(text[i]);
      continue;
    }
    const char what = text[++i];
    const char letter = what == 'u' ? unicode_escape(text.substr(i + 1)) : '\0';
    if (what == 'n' || what == 'r' || what == 't')
      plain.push_back('\n');
    else
      plain.push_back(letter != 0 ? letter : what);
    if (letter != 0) i += 4;
  }
  return plain;
}

/// UTF-16 of ASCII, either end first.
std::string without_nulls(std::string_view text) {
  std::string plain(text);
  std::erase(plain, '\0');
  return plain;
}

/// Noise has a percent sign and a backslash somewhere, too; half of it is not of ASCII.
bool is_mostly_text(std::string_view text) {
  const auto is_of_text = [](char c) {
    return c == 0 || c == '\t' || c == '\r' || c == '\n' || (c >= ' ' && c <= '~');
  };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_of_text)) * 2 >= text.size();
}

}  // namespace

std::vector<std::string> recodings_of(std::string_view text, Reading reading) {
  std::vector<std::string> found;
  add_runs(text, k_base64, 6, found);
  add_runs(text, k_hex, 4, found);
  add_runs(text, k_base32, 5, found);
  add_decimals(text, found);
  if (reading == Reading::decoded && !is_mostly_text(text)) return found;
  for (auto&& plain : {without_percents(text), without_escapes(text), without_nulls(text)})
    if (plain != text) found.push_back(plain);
  return found;
}

}  // namespace trunkform::language
