#include "providers/cloud/basic_authorization.hpp"

#include <cstdint>
#include <cstring>

#include "providers/cloud/secret_text.hpp"

namespace trunkform::cloud {
namespace {

constexpr std::string_view k_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view k_basic = "Basic ";

/// RFC 4648 §4, with padding.
void write_base64(std::string_view bytes, char* into) {
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = (group << 8U) | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j)
      *into++ = i + j <= bytes.size() ? k_alphabet[(group >> (18U - 6U * j)) & 0x3FU] : '=';
  }
}

}  // namespace

SecretBuffer basic_authorization(std::string_view user, const SecretBuffer& password) {
  const auto plain = joined({user, ":", password.view()});
  SecretBuffer value(k_basic.size() + (plain.size() + 2) / 3 * 4);
  std::memcpy(value.data(), k_basic.data(), k_basic.size());
  write_base64(plain.view(), value.data() + k_basic.size());
  return value;
}

}  // namespace trunkform::cloud
