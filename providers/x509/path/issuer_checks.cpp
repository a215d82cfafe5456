#include <fmt/format.h>

#include "providers/x509/path/checks.hpp"

namespace trunkform::x509::detail {
namespace {

bool is_allowed_curve(const std::string& curve) { return curve == "P-256" || curve == "P-384" || curve == "P-521"; }

void check_key(const Step& step, const Place& place, const Demands& demands, Faults& faults) {
  const auto& key = step.facts->key;
  const bool strong = key.algorithm == KeyAlgorithm::rsa  ? key.bits >= demands.least_rsa_bits
                      : key.algorithm == KeyAlgorithm::ec ? is_allowed_curve(key.curve)
                                                          : false;
  if (strong) return;
  faults.add(PathCheck::issuer_key, step, place,
             fmt::format("its key is {}{}", describe(key),
                         key.algorithm == KeyAlgorithm::rsa
                             ? fmt::format(", and {} bits are the least", demands.least_rsa_bits)
                             : std::string()));
}

void check_authority(const Step& step, const Place& place, Faults& faults) {
  const auto& reading = step.reading();
  if (!reading.is_authority()) {
    // Whoever trusts one that says it is none, trusts no more than that one. An old root says nothing.
    auto weighed = place;
    weighed.is_anchor = place.is_anchor && !reading.basic_constraints;
    faults.add(PathCheck::issuer_is_authority, step, weighed,
               reading.basic_constraints ? "it issued a certificate, and its basicConstraints say CA:FALSE"
                                         : "it issued a certificate, and has no basicConstraints");
  }
  if (reading.key_usage && !reading.key_usage->cert_sign)
    faults.add(PathCheck::issuer_may_sign, step, place, "its keyUsage does not allow it to sign certificates");
}

std::string_view word_of(std::string_view usage) { return usage == k_client_usage ? "clientAuth" : "serverAuth"; }

}  // namespace

void check_issuer(const Step& step, const Place& place, const Demands& demands, Faults& faults) {
  const auto& reading = step.reading();
  check_authority(step, place, faults);
  for (const auto usage : demands.usages) {
    // RFC 5280 would take anyExtendedKeyUsage for it; OpenSSL, which most peers are, wants it by name.
    if (!reading.usages || reading.usages->lists(usage)) continue;
    faults.add(PathCheck::issuer_usages, step, place,
               reading.usages->lists(k_any_usage)
                   ? fmt::format("its extendedKeyUsage says anyExtendedKeyUsage and does not list {}", word_of(usage))
                   : fmt::format("its extendedKeyUsage does not allow it to issue for {}", word_of(usage)));
  }
  check_key(step, place, demands, faults);
}

}  // namespace trunkform::x509::detail
