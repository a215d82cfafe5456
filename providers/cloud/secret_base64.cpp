#include "providers/cloud/secret_base64.hpp"

#include <algorithm>
#include <cstdint>

namespace trunkform::cloud {
namespace {

constexpr std::string_view k_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

SecretBuffer secret_base64(std::string_view bytes) {
  SecretBuffer text((bytes.size() + 2) / 3 * 4);
  char* into = text.data();
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = (group << 8U) | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j)
      *into++ = i + j <= bytes.size() ? k_alphabet[(group >> (18U - 6U * j)) & 0x3FU] : '=';
  }
  return text;
}

SecretBuffer secret_base64url(std::string_view bytes) {
  auto text = secret_base64(bytes);
  std::replace(text.data(), text.data() + text.size(), '+', '-');
  std::replace(text.data(), text.data() + text.size(), '/', '_');
  text.truncate((bytes.size() * 4 + 2) / 3);
  return text;
}

std::optional<SecretBuffer> secret_from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  text.remove_suffix(padding);
  SecretBuffer bytes((text.size() * 3 + 3) / 4);
  std::uint32_t group = 0;
  std::size_t written = 0, bits = 0;
  for (const char character : text) {
    const auto value = k_alphabet.find(character);
    if (value == std::string_view::npos) return std::nullopt;
    group = (group << 6U) | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.data()[written++] = static_cast<char>((group >> bits) & 0xFFU);
  }
  // What is left over belongs to the padding, and is zero.
  if ((group & ((1U << bits) - 1U)) != 0) return std::nullopt;
  bytes.truncate(written);
  return bytes;
}

std::optional<SecretBuffer> secret_from_base64url(std::string_view text) {
  if (text.find_first_of("+/") != std::string_view::npos) return std::nullopt;
  const auto end = text.find_last_not_of('=');
  text = text.substr(0, end == std::string_view::npos ? 0 : end + 1);
  SecretBuffer padded((text.size() + 3) / 4 * 4);
  std::fill(std::copy(text.begin(), text.end(), padded.data()), padded.data() + padded.size(), '=');
  std::replace(padded.data(), padded.data() + padded.size(), '-', '+');
  std::replace(padded.data(), padded.data() + padded.size(), '_', '/');
  return secret_from_base64(padded.view());
}

}  // namespace trunkform::cloud
