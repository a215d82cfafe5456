#include "providers/cloud/percent_encoding.hpp"

#include <string>

namespace trunkform::cloud {
namespace {

constexpr std::string_view k_upper_hex = "0123456789ABCDEF";

bool is_unreserved(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
         (character >= '0' && character <= '9') || std::string_view("-._~").find(character) != std::string_view::npos;
}

/// `put` gets one character after the other.
template <class Put>
void encode(std::string_view text, std::string_view kept, Put put) {
  for (const char character : text) {
    if (is_unreserved(character) || kept.find(character) != std::string_view::npos) {
      put(character);
      continue;
    }
    const auto byte = static_cast<unsigned char>(character);
    put('%');
    put(k_upper_hex[byte >> 4U]);
    put(k_upper_hex[byte & 0xFU]);
  }
}

}  // namespace

std::string percent_encoded(std::string_view text, std::string_view kept) {
  std::string encoded;
  encode(text, kept, [&](char character) { encoded += character; });
  return encoded;
}

SecretBuffer percent_encoded_secret(std::string_view text) {
  SecretBuffer encoded(text.size() * 3);
  std::size_t size = 0;
  encode(text, {}, [&](char character) { encoded.data()[size++] = character; });
  encoded.truncate(size);
  return encoded;
}

}  // namespace trunkform::cloud
