#include "schemas/codec/base64.hpp"

#include <openssl/evp.h>

namespace trunkform {

std::string encode_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock ends with a NUL
  const auto size =
      ::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<std::string> decode_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3, '\0');
  if (text.size() % 4 != 0) return std::nullopt;
  const auto size =
      ::EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(size));
  for (auto rest = text; rest.ends_with('=') && !bytes.empty() && text.size() - rest.size() < 2; rest.remove_suffix(1))
    bytes.pop_back();
  // The decoder passes over white space, and over bits that the last character has too many of.
  if (encode_base64(bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace trunkform
