#include "providers/cloud/json_text.hpp"

#include <algorithm>
#include <cstring>

#include <simdjson.h>

#include "providers/cloud/secret_json.hpp"

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
      const auto* const wanted = std::find(names.begin(), names.end(), key);
      std::string_view text;
      if (wanted != names.end() && field.value().get_string().get(text) == simdjson::SUCCESS)
        values[static_cast<std::size_t>(wanted - names.begin())] = std::string(text);
    }
  } catch (const simdjson::simdjson_error&) {
    // Whatever was read before the error still helps whoever reads the message.
    return values;
  }
  return values;
}

SecretBuffer secret_field(const SecretBuffer& json, std::string_view name) {
  auto found = SecretJson(json).secret({name});
  return found && is_token(found->view()) ? std::move(*found) : SecretBuffer();
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
      std::copy_n("\\u00", 4, into);
      into[4] = k_hex[byte >> 4U];
      into[5] = k_hex[byte & 0xFU];
      into += 6;
    } else {
      *into++ = character;
    }
  }
  return into;
}

SecretBuffer json_of(std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  constexpr std::string_view k_colon = "\":\"";
  std::size_t size = 2;
  for (const auto& [name, value] : members) size += name.size() + escaped_size(value) + k_colon.size() + 3;
  SecretBuffer json(size);
  auto* end = json.data();
  *end++ = '{';
  bool is_first = true;
  for (const auto& [name, value] : members) {
    if (!is_first) *end++ = ',';
    is_first = false;
    *end++ = '"';
    end = std::copy(name.begin(), name.end(), end);
    end = std::copy(k_colon.begin(), k_colon.end(), end);
    end = write_escaped(value, end);
    *end++ = '"';
  }
  *end++ = '}';
  json.truncate(static_cast<std::size_t>(end - json.data()));
  return json;
}

}  // namespace trunkform::cloud
