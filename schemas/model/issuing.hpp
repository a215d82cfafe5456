#pragma once
// Certificates that are made and not only found: what is asked of an issuer, and where the result is kept.
// Meaning: docs/semantics.md, issuing. Holds no secret.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/certificate_facts.hpp"
#include "schemas/model/locator.hpp"
#include "schemas/model/source_range.hpp"
#include "schemas/model/time.hpp"

namespace trunkform {

/// A key that is made here. Ed25519 is none of them: SIP peers do not take it.
enum class KeyType { ecdsa_p256, ecdsa_p384, rsa_2048, rsa_3072, rsa_4096 };
std::string_view to_string(KeyType type);  ///< as the configuration writes it: `ecdsa_p256`
/// Whether a key is of this type.
bool is_of_type(const PublicKeyFacts& key, KeyType type);
/// What every key of this type has in common: all but its fingerprint.
PublicKeyFacts facts_of(KeyType type);

/// What is asked for: a request that was begun goes on only for the same. Issuer and store are locators: type and
/// resolved arguments, secrets by reference (`env:NAME`, `file:PATH`).
struct IssueTerms {
  Locator issuer;
  Locator store;
  std::vector<std::string> names;  ///< DNS names, `sip:` URIs and addresses, in the order written; never empty
  KeyType key = KeyType::ecdsa_p256;
  std::optional<Duration> lifetime;  ///< none: the issuer's own
  std::string profile;               ///< of the issuer's; empty: its default

  bool operator==(const IssueTerms&) const = default;
};

/// A `certificate.issued` block, evaluated.
struct IssueRequest : IssueTerms {
  std::string address;         ///< `certificate.issued.carrier_a`
  std::string issuer_address;  ///< `issuer.acme.letsencrypt`
  std::string store_address;   ///< `store.vault_kv.carrier_a`
  Locator source;              ///< where bindings read what the store writes: a certificate source's locator
  bool reuse_key = false;      ///< the key of the certificate before is used again
  // Where the block, its arguments and the blocks that it names stand; of a saved plan nobody knows.
  SourceRange range;
  SourceRange issuer_range;
  SourceRange store_range;
  SourceRange names_range;
  SourceRange key_range;
  SourceRange profile_range;
};

/// Whether an address is of a `certificate.issued` block, and not of a binding or of another certificate.
bool is_issue_address(std::string_view address);

/// What kind of subjectAltName a name of a request becomes.
NameKind kind_of_name(std::string_view name);

/// Where a name is proven by DNS: `_acme-challenge.sip.example.com`, of a wildcard that of its domain (RFC 8555 §8.4).
std::string challenge_record_of(std::string_view name);

/// When an issuer wants a certificate to be renewed (RFC 9773 §4.2).
struct RenewalWindow {
  Instant start{};
  Instant end{};
  std::string explanation;  ///< an address that says why; may be empty (foreign text)
};

/// RFC 5280 §5.3.1, of those that who owns a certificate may give (RFC 8555 §7.6).
enum class RevocationReason { unspecified, key_compromise, affiliation_changed, superseded, cessation_of_operation };
std::string_view to_string(RevocationReason reason);  ///< `key_compromise`
int number_of(RevocationReason reason);

}  // namespace trunkform
