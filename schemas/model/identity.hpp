#pragma once
// What a certificate *is*: fingerprints, never names. `leaf` is SHA-256 of the leaf's DER; `chain` is SHA-256 over the
// ordered DERs that are sent, leaf first. A missing intermediate that is added changes the chain, not the leaf.
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trunkform {

/// A SHA-256 digest of public data.
struct Fingerprint {
  std::array<std::uint8_t, 32> bytes{};
  friend auto operator<=>(const Fingerprint&, const Fingerprint&) = default;
};

std::string to_hex(const Fingerprint& fingerprint);                  ///< 64 lower-case digits
std::string to_short(const Fingerprint& fingerprint);                ///< the first 12, for people
std::optional<Fingerprint> parse_fingerprint(std::string_view hex);  ///< 64 digits of either case, nothing else

struct Identity {
  Fingerprint leaf;
  Fingerprint chain;
  friend auto operator<=>(const Identity&, const Identity&) = default;
};

struct FingerprintHash {
  std::size_t operator()(const Fingerprint& fingerprint) const noexcept;
};

}  // namespace trunkform
