#include "schemas/model/signature_algorithm.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>
#include <utility>

namespace trunkform {

bool is_allowed_signature(const CertificateFacts& certificate) {
  // As OpenSSL calls algorithm and digest.
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> k_allowed{
      {{"sha256WithRSAEncryption", "SHA256"},
       {"sha384WithRSAEncryption", "SHA384"},
       {"sha512WithRSAEncryption", "SHA512"},
       {"rsassaPss", "SHA256"},
       {"rsassaPss", "SHA384"},
       {"rsassaPss", "SHA512"},
       {"ecdsa-with-SHA256", "SHA256"},
       {"ecdsa-with-SHA384", "SHA384"},
       {"ecdsa-with-SHA512", "SHA512"}}};
  return std::any_of(k_allowed.begin(), k_allowed.end(), [&](const auto& one) {
    return certificate.signature_algorithm == one.first && certificate.signature_digest == one.second;
  });
}

std::string describe_signature(const CertificateFacts& certificate) {
  const auto& [algorithm, digest] = std::tie(certificate.signature_algorithm, certificate.signature_digest);
  return digest.empty() ? algorithm : digest + " (" + algorithm + ")";
}

}  // namespace trunkform
