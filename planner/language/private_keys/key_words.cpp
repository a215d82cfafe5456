#include "planner/language/private_keys/key_words.hpp"

#include <algorithm>
#include <array>

namespace trunkform::language {
namespace {

using namespace std::string_view_literals;

constexpr std::array k_words{
    "PRIVATE KEY-----"sv,            // RFC 7468 §§10, 11, OpenSSL's and OpenSSH's
    "PRIVATE+KEY-----"sv,            // the same in a form's answer
    "PRIVATE KEY BLOCK-----"sv,      // RFC 9580 §6.2
    "ENCRYPTED PRIVATE KEY ----"sv,  // ssh.com's
    "openssh-key-v1\0"sv,            // within OpenSSH's PEM
    "PuTTY-User-Key-File-"sv,
    "Private-Key: ("sv,  // openssl pkey -text
    "Private-Key:\n"sv,  // the same, of an Edwards curve
    "privateExponent:"sv,
    "\x1e\xf1\xb5\xb0\0\0\0\0"sv,  // Microsoft's PVK
    "\x07\x02\0\0\0\xa4\0\0RSA2"sv,
    "\x07\x02\0\0\0\x24\0\0RSA2"sv,  // and its PRIVATEKEYBLOB
    "\x07\x02\0\0\0\x22\0\0DSS2"sv,
};

constexpr std::array k_beginnings{"\xfe\xed\xfe\xed"sv, "\xce\xce\xce\xce"sv};  // JKS, JCEKS

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool is_quote(char c) { return c == '"' || c == '\''; }

bool is_base64(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/' ||
         c == '-' || c == '_';
}

/// How a block of YAML begins (YAML 1.2 §8.1): `>-`, `|2+`.
bool is_of_block(char c) { return c == '>' || c == '|' || c == '-' || c == '+' || (c >= '1' && c <= '9'); }

void skip(std::string_view& text, bool (*which)(char)) {
  text.remove_prefix(static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), which) - text.begin()));
}

/// Whether `text`, which is what stands behind a member's name, goes on as its value: base64 of at least 128 bits.
bool goes_on_with_number(std::string_view text) {
  constexpr std::size_t k_least_characters = 22;
  skip(text, is_quote);
  skip(text, is_space);
  if (!text.starts_with(':') && !text.starts_with('=')) return false;
  text.remove_prefix(1);
  skip(text, is_space);
  if (text.starts_with('>') || text.starts_with('|')) {
    skip(text, is_of_block);
    skip(text, is_space);
  }
  skip(text, is_quote);
  return std::find_if_not(text.begin(), text.end(), is_base64) - text.begin() >=
         static_cast<std::ptrdiff_t>(k_least_characters);
}

/// `d`: of RSA, EC and OKP; `k`: of a symmetric key. In JSON, YAML or HCL, for the name is what they share.
bool has_private_member(std::string_view text) {
  if (text.find("kty") == std::string_view::npos) return false;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] != 'd' && text[i] != 'k') continue;
    const bool begins =
        i == 0 || is_quote(text[i - 1]) || is_space(text[i - 1]) || text[i - 1] == '{' || text[i - 1] == ',';
    if (begins && goes_on_with_number(text.substr(i + 1))) return true;
  }
  return false;
}

bool has_xml_number(std::string_view text) {
  return text.find("RSAKeyValue") != std::string_view::npos && text.find("<D>") != std::string_view::npos;
}

}  // namespace

bool has_words_of_key(std::string_view text) {
  const auto found = [text](std::string_view words) { return text.find(words) != std::string_view::npos; };
  const auto begins = [text](std::string_view bytes) { return text.starts_with(bytes); };
  return std::any_of(k_words.begin(), k_words.end(), found) ||
         std::any_of(k_beginnings.begin(), k_beginnings.end(), begins) || has_private_member(text) ||
         has_xml_number(text);
}

}  // namespace trunkform::language
