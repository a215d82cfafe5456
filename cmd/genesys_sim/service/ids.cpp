#include "cmd/genesys_sim/service/ids.hpp"

#include <fmt/format.h>

namespace trunkform::sim {

std::string Ids::uuid() {
  const auto high = (m_engine() & ~0xf000ULL) | 0x4000ULL;
  const auto low = (m_engine() & ~(3ULL << 62)) | (1ULL << 63);
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xffff, high & 0xffff, low >> 48,
                     low & 0xffff'ffff'ffffULL);
}

std::string Ids::token() {
  static constexpr char k_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string token;
  while (token.size() < 86) token += k_letters[m_engine() & 63];
  return token;
}

}  // namespace trunkform::sim
