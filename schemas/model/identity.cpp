#include "schemas/model/identity.hpp"

#include <cstring>

namespace trunkform {

std::string to_hex(const Fingerprint& fingerprint) {
  static constexpr char k_digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(fingerprint.bytes.size() * 2);
  for (const auto byte : fingerprint.bytes) {
    text += k_digits[byte >> 4U];
    text += k_digits[byte & 0xFU];
  }
  return text;
}

std::string to_short(const Fingerprint& fingerprint) { return to_hex(fingerprint).substr(0, 12); }

std::optional<Fingerprint> parse_fingerprint(std::string_view hex) {
  Fingerprint fingerprint;
  if (hex.size() != fingerprint.bytes.size() * 2) return std::nullopt;
  const auto digit = [](char character) -> int {
    if (character >= '0' && character <= '9') return character - '0';
    if (character >= 'a' && character <= 'f') return character - 'a' + 10;
    if (character >= 'A' && character <= 'F') return character - 'A' + 10;
    return -1;
  };
  for (std::size_t i = 0; i < fingerprint.bytes.size(); ++i) {
    const int high = digit(hex[2 * i]);
    const int low = digit(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    fingerprint.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return fingerprint;
}

std::size_t FingerprintHash::operator()(const Fingerprint& fingerprint) const noexcept {
  std::size_t value = 0;  // a digest is uniform already
  std::memcpy(&value, fingerprint.bytes.data(), sizeof value);
  return value;
}

}  // namespace trunkform
