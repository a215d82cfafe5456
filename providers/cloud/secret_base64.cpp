#include "providers/cloud/secret_base64.hpp"

#include <algorithm>
#include <cstdint>

namespace trunkform::cloud {

SecretBuffer secret_base64(std::string_view bytes) {
  constexpr std::string_view k_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
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

}  // namespace trunkform::cloud
