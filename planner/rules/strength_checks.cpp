#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "planner/rules/checks.hpp"
#include "schemas/model/signature_algorithm.hpp"

namespace trunkform::rules::checks {
namespace {

/// Those whose keys or signatures count: the validated path where there is one. An anchor's own signature is never
/// looked at by anybody.
const std::vector<CertificatePtr>& relied_upon(const RuleInput& input) {
  return input.path != nullptr && !input.path->path.empty() ? input.path->path : input.chain->certificates;
}

bool is_allowed_curve(const PublicKeyFacts& key) {
  return key.curve == "P-256" || key.curve == "P-384" || key.curve == "P-521";
}

std::string plain(std::string_view text) {
  std::string letters;
  for (const char character : text) {
    if (std::isalnum(static_cast<unsigned char>(character)) != 0) {
      letters += static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
    }
  }
  return letters;
}

/// `ecdsa_p256`, `ECDSA P-256`, `p256`, `ecdsa`, `rsa`, `rsa_2048` (that size or more).
bool covers(const std::string& allowed, const PublicKeyFacts& key) {
  const auto wanted = plain(allowed);
  const auto is = plain(describe(key));
  if (key.algorithm == KeyAlgorithm::ec) {
    return wanted == "ecdsa" || wanted == "ec" || wanted == is || "ecdsa" + wanted == is ||
           wanted == plain("ec" + key.curve);
  }
  if (key.algorithm != KeyAlgorithm::rsa || !wanted.starts_with("rsa")) return wanted == is;
  const auto digits = wanted.substr(3);
  if (digits.size() > 6 ||
      !std::all_of(digits.begin(), digits.end(), [](unsigned char one) { return std::isdigit(one); })) {
    return false;
  }
  return digits.empty() || key.bits >= std::stoi(digits);
}

/// A whole distinguished name, or one attribute's value of it (`Let's Encrypt`, `CN=R11`).
bool is_issuer(const std::string& allowed, const std::string& issuer) {
  if (issuer == allowed) return true;
  for (std::size_t at = issuer.find(allowed); at != std::string::npos; at = issuer.find(allowed, at + 1)) {
    const auto end = at + allowed.size();
    const bool begins = at == 0 || issuer[at - 1] == ',' || issuer[at - 1] == '=' || issuer[at - 1] == '+';
    const bool ends = end == issuer.size() || issuer[end] == ',' || issuer[end] == '+';
    const bool escaped = at > 1 && issuer[at - 1] == ',' && issuer[at - 2] == '\\';
    if (begins && ends && !escaped && !allowed.empty()) return true;
  }
  return false;
}

}  // namespace

std::string key_type_word(const PublicKeyFacts& key) {
  if (key.algorithm == KeyAlgorithm::rsa) return "rsa";
  return key.algorithm == KeyAlgorithm::ec && is_allowed_curve(key) ? "ecdsa_" + plain(key.curve) : std::string();
}

Outcome key_too_weak(const RuleInput& input) {
  const int least = policy_of(input).min_rsa_bits;
  for (const auto& certificate : relied_upon(input)) {
    const bool is_leaf = certificate == relied_upon(input).front();
    const int wanted = is_leaf ? least : std::min(least, 2048);  // the carrier's wish is about the trunk's key
    if (certificate->key.algorithm != KeyAlgorithm::rsa || certificate->key.bits >= wanted) continue;
    return Broken{fmt::format("{} has an RSA key of {} bits, and {} is the least", named(*certificate),
                              certificate->key.bits, wanted),
                  "issue it with a larger RSA key, or with ECDSA P-256"};
  }
  return std::nullopt;
}

Outcome curve_not_allowed(const RuleInput& input) {
  for (const auto& certificate : relied_upon(input)) {
    if (certificate->key.algorithm != KeyAlgorithm::ec || is_allowed_curve(certificate->key)) continue;
    return Broken{fmt::format("{} has a key on the curve {}; P-256, P-384 and P-521 are allowed", named(*certificate),
                              certificate->key.curve),
                  "issue it with ECDSA P-256"};
  }
  return std::nullopt;
}

Outcome key_algorithm_unfit(const RuleInput& input) {
  for (const auto& certificate : relied_upon(input)) {
    const auto algorithm = certificate->key.algorithm;
    if (algorithm == KeyAlgorithm::rsa || algorithm == KeyAlgorithm::ec) continue;
    return Broken{fmt::format("{} has a key of the kind {}, which SIP peers do not accept", named(*certificate),
                              describe(certificate->key)),
                  "issue it with ECDSA P-256 or RSA 2048"};
  }
  return std::nullopt;
}

Outcome weak_signature(const RuleInput& input) {
  const auto& certificates = relied_upon(input);
  const bool complete = &certificates != &input.chain->certificates;
  for (const auto& certificate : certificates) {
    const bool is_leaf = certificate == certificates.front();
    const bool is_anchor = !is_leaf && (complete ? certificate == certificates.back() : certificate->self_issued);
    if (is_anchor || is_allowed_signature(*certificate)) continue;
    return Broken{fmt::format("{} is signed with {}; RSA and ECDSA with SHA-256, SHA-384 or SHA-512 are allowed",
                              named(*certificate), describe_signature(*certificate)),
                  "issue it again with a signature by SHA-256 or better"};
  }
  return std::nullopt;
}

Outcome key_type_not_allowed(const RuleInput& input) {
  const auto& allowed = policy_of(input).key_types;
  const auto& key = input.chain->leaf().key;
  if (allowed.empty() ||
      std::any_of(allowed.begin(), allowed.end(), [&](const auto& one) { return covers(one, key); })) {
    return std::nullopt;
  }
  const auto word = key_type_word(key);
  return Broken{fmt::format("its key is {}, and the carrier allows {}", describe(key), joined(allowed)),
                "issue it with a key of an allowed type" +
                    (word.empty() ? "" : fmt::format(", or add \"{}\" to key_types on the carrier", word))};
}

Outcome issuer_not_allowed(const RuleInput& input) {
  const auto& allowed = policy_of(input).issuers;
  const auto& issuer = input.chain->leaf().issuer;
  if (allowed.empty() ||
      std::any_of(allowed.begin(), allowed.end(), [&](const auto& one) { return is_issuer(one, issuer); })) {
    return std::nullopt;
  }
  return Broken{fmt::format("its issuer is '{}', and the carrier allows {}", issuer, joined(allowed)),
                "take a certificate of an allowed issuer, or add this one to issuers on the carrier"};
}

}  // namespace trunkform::rules::checks
