#include "providers/cloud/json_text.hpp"

#include <algorithm>
#include <cstring>

#include <simdjson.h>

namespace trunkform::cloud {
namespace {

constexpr std::string_view k_hex = "0123456789abcdef";

/// The letter of a two-character escape; 0 where there is none.
char short_escape(char character) {
  switch (character) {
    case '"':
      return '"';
    case '\\':
      return '\\';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return 0;
  }
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return c > 0x20 && c < 0x7F && c != '"' && c != '\\'; });
}

}  // namespace

std::vector<std::string> string_fields(std::string_view json, std::initializer_list<std::string_view> names) {
  std::vector<std::string> values(names.size());
  try {
    const simdjson::padded_string padded(json);
    simdjson::ondemand::parser parser;
    auto document = parser.iterate(padded);
    for (auto field : document.get_object()) {
      const std::string_view key = field.unescaped_key();
      const auto wanted = std::find(names.begin(), names.end(), key);
      std::string_view text;
      if (wanted != names.end() && field.value().get_string().get(text) == simdjson::SUCCESS)
        values[static_cast<std::size_t>(wanted - names.begin())] = std::string(text);
    }
  } catch (const simdjson::simdjson_error&) {
    // Whatever was read before the error still helps whoever reads the message.
  }
  return values;
}

SecretBuffer secret_field(const SecretBuffer& json, std::string_view name) {
  // The on-demand parser indexes in place and gives the raw text of a value, so the secret stays in this one buffer.
  SecretBuffer padded(json.size() + simdjson::SIMDJSON_PADDING);
  if (!json.empty()) std::memcpy(padded.data(), json.data(), json.size());
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  if (parser.iterate(padded.data(), json.size(), padded.size()).get(document) != simdjson::SUCCESS) return {};
  simdjson::ondemand::object object;
  if (document.get_object().get(object) != simdjson::SUCCESS) return {};
  simdjson::ondemand::value value;
  if (object.find_field_unordered(name).get(value) != simdjson::SUCCESS) return {};
  auto raw = value.raw_json_token();
  while (!raw.empty() && (raw.back() == ' ' || raw.back() == '\n' || raw.back() == '\r' || raw.back() == '\t'))
    raw.remove_suffix(1);
  if (raw.size() < 2 || raw.front() != '"' || raw.back() != '"') return {};
  raw = raw.substr(1, raw.size() - 2);
  return is_token(raw) ? SecretBuffer::copy_of(raw) : SecretBuffer();
}

std::size_t escaped_size(std::string_view text) {
  std::size_t size = 0;
  for (const char character : text)
    size += short_escape(character) != 0 ? 2 : static_cast<unsigned char>(character) < 0x20 ? 6 : 1;
  return size;
}

char* write_escaped(std::string_view text, char* into) {
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (const char letter = short_escape(character); letter != 0) {
      *into++ = '\\';
      *into++ = letter;
    } else if (byte < 0x20) {
      std::memcpy(into, "\\u00", 4);
      into[4] = k_hex[byte >> 4U];
      into[5] = k_hex[byte & 0xFU];
      into += 6;
    } else {
      *into++ = character;
    }
  }
  return into;
}

}  // namespace trunkform::cloud
