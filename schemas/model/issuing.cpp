#include "schemas/model/issuing.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace trunkform {
namespace {

struct KeyRow {
  KeyType type;
  std::string_view word;
  KeyAlgorithm algorithm;
  int bits;
  std::string_view curve;
};
constexpr std::array k_keys{KeyRow{KeyType::ecdsa_p256, "ecdsa_p256", KeyAlgorithm::ec, 256, "P-256"},
                            KeyRow{KeyType::ecdsa_p384, "ecdsa_p384", KeyAlgorithm::ec, 384, "P-384"},
                            KeyRow{KeyType::rsa_2048, "rsa_2048", KeyAlgorithm::rsa, 2048, ""},
                            KeyRow{KeyType::rsa_3072, "rsa_3072", KeyAlgorithm::rsa, 3072, ""},
                            KeyRow{KeyType::rsa_4096, "rsa_4096", KeyAlgorithm::rsa, 4096, ""}};

const KeyRow& row_of(KeyType type) {
  return *std::find_if(k_keys.begin(), k_keys.end(), [&](const KeyRow& row) { return row.type == type; });
}

bool is_octet(std::string_view text) {
  const bool is_short = !text.empty() && text.size() <= 3 && (text.size() == 1 || text.front() != '0');
  if (!is_short || text.find_first_not_of("0123456789") != std::string_view::npos) return false;
  int number = 0;
  for (const char digit : text) number = number * 10 + (digit - '0');
  return number < 256;
}

bool is_ipv4(std::string_view text) {
  for (int part = 0; part < 4; ++part) {
    const auto dot = text.find('.');
    if ((dot == std::string_view::npos) != (part == 3) || !is_octet(text.substr(0, dot))) return false;
    if (dot != std::string_view::npos) text.remove_prefix(dot + 1);
  }
  return true;
}

struct ReasonRow {
  RevocationReason reason;
  std::string_view word;
  int number;  ///< RFC 5280 §5.3.1
};
constexpr std::array k_reasons{ReasonRow{RevocationReason::unspecified, "unspecified", 0},
                               ReasonRow{RevocationReason::key_compromise, "key_compromise", 1},
                               ReasonRow{RevocationReason::affiliation_changed, "affiliation_changed", 3},
                               ReasonRow{RevocationReason::superseded, "superseded", 4},
                               ReasonRow{RevocationReason::cessation_of_operation, "cessation_of_operation", 5}};

const ReasonRow& row_of(RevocationReason reason) {
  return *std::find_if(k_reasons.begin(), k_reasons.end(), [&](const auto& row) { return row.reason == reason; });
}

}  // namespace

std::string_view to_string(KeyType type) { return row_of(type).word; }

bool is_of_type(const PublicKeyFacts& key, KeyType type) {
  const auto& row = row_of(type);
  return key.algorithm == row.algorithm && key.bits == row.bits;
}

PublicKeyFacts facts_of(KeyType type) {
  const auto& row = row_of(type);
  return {row.algorithm, row.bits, std::string(row.curve), {}};
}

std::string challenge_record_of(std::string_view name) {
  if (name.starts_with("*.")) name.remove_prefix(2);
  return "_acme-challenge." + std::string(name);
}

bool is_issue_address(std::string_view address) { return address.starts_with("certificate.issued."); }

NameKind kind_of_name(std::string_view name) {
  if (is_ipv4(name)) return NameKind::ip;
  const auto colon = name.find(':');
  if (colon == std::string_view::npos) return NameKind::dns;
  const bool is_address = name.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
  return is_address && name.find(':', colon + 1) != std::string_view::npos ? NameKind::ip : NameKind::uri;
}

std::string_view to_string(RevocationReason reason) { return row_of(reason).word; }
int number_of(RevocationReason reason) { return row_of(reason).number; }

}  // namespace trunkform
