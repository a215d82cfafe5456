#include <fmt/format.h>

#include "providers/x509/path/checks.hpp"
#include "schemas/model/signature_algorithm.hpp"

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

/// What a certificate's issuer did; nobody looks at an anchor's own signature (RFC 5280 §6.1.1 d). The leaf's is a rule
/// of its own.
void check_signature_strength(const Step& step, const Place& place, Faults& faults) {
  if (place.is_anchor || place.is_leaf() || is_allowed_signature(*step.facts)) return;
  faults.add(PathCheck::signature_strength, step, place,
             fmt::format("it is signed with {}", describe_signature(*step.facts)));
}

}  // namespace

void check_strength(const Step& step, const Place& place, Faults& faults) {
  check_key_numbers(step, place, faults);
  check_signature_strength(step, place, faults);
}

}  // namespace trunkform::x509::detail
