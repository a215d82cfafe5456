#pragma once
// What `trunkform certificate check` and `certificate show` say; the command files only read flags and files.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/certificates/judged_offer.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::certificates {

struct CheckRequest {
  std::string chain_pem;
  const SecretBuffer* key = nullptr;         ///< `-key`
  const SecretBuffer* passphrase = nullptr;  ///< `-passphrase-file`
  CarrierPolicy carrier;                     ///< as the flags say; its label stays empty
  std::vector<std::string> names;            ///< `-name`, each
  Instant at{};
  Duration min_age{0};
  std::optional<std::string> crl_pem;
  std::optional<int> max_depth;
  rules::Arrangement arrangement = rules::Arrangement::rebuilt;
};

/// A rule of which nothing can be said.
struct UncheckedRule {
  std::string_view name;
  std::string why;  ///< `not checked: no -name`
};

struct CheckReport {
  JudgedOffer offer;  ///< findings with every rule, passes included
  std::optional<KeyFacts> key;
  std::vector<UncheckedRule> not_checked;
  bool blocked = false;  ///< exit 1
};

/// Error: invalid_input, where the trust store or the CRL cannot be read (exit 1 too: the question is broken).
Result<CheckReport> check(const CheckRequest& request);

/// For people: one line a rule, what is wrong first, then the chain.
std::string to_text(const CheckReport& report, Instant at);
/// The chain for people: subject, names, issuer, serial, dates with days left, key, fingerprint; foreign text escaped.
std::string show_text(const ChainFacts& chain, Instant at);

}  // namespace trunkform::certificates
