#include "schemas/codec/base64.hpp"

#include <algorithm>

#include <openssl/evp.h>

namespace trunkform {
namespace {

/// How often `=` stands at the end.
std::size_t padding_of(std::string_view text) { return text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0; }

}  // namespace

std::string encode_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock ends with a NUL
  const auto size =
      ::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

SecretBuffer encode_secret_base64(const SecretBuffer& bytes) {
  SecretBuffer text((bytes.size() + 2) / 3 * 4 + 1);
  const auto size =
      ::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.truncate(static_cast<std::size_t>(size));
  return text;
}

std::optional<SecretBuffer> decode_secret_base64(std::string_view text) {
  SecretBuffer plain(text.size());
  auto* const end = std::copy_if(text.begin(), text.end(), plain.data(), [](char c) { return c != '\n' && c != '\r'; });
  plain.truncate(static_cast<std::size_t>(end - plain.data()));
  const auto padding = padding_of(plain.view());
  // Blanks would be trimmed, and padding in the middle taken for zeros.
  if (plain.size() % 4 != 0 || plain.view().find_first_of(" \t") != std::string_view::npos ||
      plain.view().substr(0, plain.size() - padding).find('=') != std::string_view::npos)
    return std::nullopt;
  if (plain.empty()) return SecretBuffer();
  SecretBuffer bytes(plain.size() / 4 * 3);
  const auto size =
      ::EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(plain.data()), static_cast<int>(plain.size()));
  if (size < 0) return std::nullopt;
  bytes.truncate(static_cast<std::size_t>(size) - padding);
  return bytes;
}

}  // namespace trunkform
