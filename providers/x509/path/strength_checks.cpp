#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "providers/x509/path/checks.hpp"

namespace trunkform::x509::detail {
namespace {

bool is_even_or_small(const std::string& exponent) {
  std::size_t zeros = 0;
  while (zeros < exponent.size() && exponent[zeros] == 0) ++zeros;
  if (zeros == exponent.size()) return true;
  const auto last = static_cast<unsigned char>(exponent.back());
  return (last & 1U) == 0 || (exponent.size() - zeros == 1 && last < 3);
}

/// The keys of all, also the leaf's, where the rules do not look.
void check_key_numbers(const Step& step, const Place& place, Faults& faults) {
  const auto& key = step.facts->key;
  if (key.algorithm != KeyAlgorithm::rsa) return;
  if (key.bits % 8 != 0) faults.add(PathCheck::rsa_size, step, place, fmt::format("its RSA key has {} bits", key.bits));
  const auto& exponent = step.reading().rsa_exponent;
  if (!exponent.empty() && is_even_or_small(exponent))
    faults.add(PathCheck::rsa_exponent, step, place, "the public exponent of its RSA key is even, or less than 3");
}

/// What a certificate's issuer did; nobody looks at an anchor's own signature (RFC 5280 §6.1.1 d). The leaf's digest is
/// a rule of its own.
void check_signature_strength(const Step& step, const Place& place, Faults& faults) {
  static constexpr std::array<std::string_view, 4> k_weak{"MD2", "MD4", "MD5", "SHA1"};
  if (place.is_anchor) return;
  if (step.reading().signed_with_dsa) faults.add(PathCheck::signature_strength, step, place, "it is signed with DSA");
  const auto& digest = step.facts->signature_digest;
  if (!place.is_leaf() && std::find(k_weak.begin(), k_weak.end(), digest) != k_weak.end())
    faults.add(PathCheck::signature_strength, step, place, fmt::format("it is signed with {}", digest));
}

}  // namespace

void check_strength(const Step& step, const Place& place, Faults& faults) {
  check_key_numbers(step, place, faults);
  check_signature_strength(step, place, faults);
}

}  // namespace trunkform::x509::detail
