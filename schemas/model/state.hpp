#pragma once
// The state document: what we last did to each trunk. References and fingerprints and public facts, never a secret.
// Byte by byte: docs/formats/state.md.
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "schemas/model/address.hpp"
#include "schemas/model/certificate_facts.hpp"
#include "schemas/model/issuing.hpp"
#include "schemas/model/locator.hpp"
#include "schemas/model/trunk.hpp"
#include "schemas/model/verification.hpp"

namespace trunkform {

/// An earlier certificate of a trunk, newest first, at most five: where rollback can go.
struct HistoryEntry {
  ChainPtr chain;
  Locator locator;
  std::optional<VersionId> version;  ///< of the source, with its key; none: the pair is not to be had again
  Instant bound_at{};
  std::string plan;  ///< digest of the plan that bound it; empty for adopted and imported
};

/// A chain that failed on this trunk: not bound again until the chain changes or `-retry`.
struct Quarantine {
  Identity identity;
  Instant since{};
  std::string reason;
};

/// What is bound did not verify and is bound all the same: no way back, or the policy leaves it there. It is told, and
/// looked at again by every apply, until it verifies or something else is bound.
struct Failure {
  Instant since{};
  std::string reason;
  std::string status_before;  ///< of the trunk, before the bind; empty: not known
};

/// What was last seen of a bound certificate behind its port (docs/decisions/0250).
struct LastLook {
  CheckVerdict verdict = CheckVerdict::inconclusive;  ///< pass, fail or inconclusive
  Instant at{};
  std::string by;         ///< user@host
  std::string evidence;   ///< of the check that decided; cut where it is very long
  bool recorded = false;  ///< by `verify -record`, and not by the run that bound it
  bool settled = false;   ///< at the end of the soak, or after a run had looked then
};

/// The *prior* of docs/semantics.md.
struct ResourceRecord {
  Address address;
  TrunkId trunk_id;
  std::string trunk_name;           ///< that the configuration means it by; by id: as last seen
  ChainPtr chain;                   ///< what we sent (or adopted); its identity is the record's
  std::optional<Identity> as_read;  ///< what the service gave back, where it differs from what was sent
  Locator locator;
  std::optional<VersionId> version;  ///< as HistoryEntry's
  Instant bound_at{};
  std::string plan;  ///< digest of the plan that bound it; empty for adopted and imported
  std::vector<HistoryEntry> history;
  std::optional<Quarantine> quarantine;
  std::optional<Failure> failure;
  bool prevent_destroy = false;  ///< as last applied, so that removing the block does not disarm it
  std::optional<LastLook> look;  ///< none: nobody looked at its port since it was bound

  /// What a read must show for the trunk to be as we left it.
  const Identity& expected_live() const { return as_read ? *as_read : chain->identity; }
  /// By a rollback: it quarantines what it leaves in the same moment, which tells its intents and records from the
  /// others.
  bool was_put_back() const { return quarantine && quarantine->since == bound_at; }
  /// Whether `live` is what was left on the trunk: as it was sent, or as the service gave it back.
  bool is_live_as(const Identity& live) const {
    return chain != nullptr && (live == chain->identity || (as_read && live == *as_read));
  }
};

inline constexpr std::size_t k_history_length = 5;

/// A request to an issuer that was begun and has no end yet: the next run goes on with it. Its key is staged in the
/// store. Meaning: docs/semantics.md, issuing.
struct OpenIssue : IssueTerms {
  std::string request;  ///< a UUID; what was staged and promoted carries it
  Instant since{};
  std::optional<VersionId> replaces;  ///< what stood in the store; none: nothing
  std::string order;                  ///< the issuer's reference; empty: none is known
  std::string certificates_pem;       ///< what the issuer gave; empty: nothing yet
  bool reuses_key = false;            ///< its key is that of what it replaces
};

/// What was issued and is in the store.
struct IssuedCertificate {
  std::string request;
  ChainPtr chain;
  VersionId version;
  Locator issuer;
  Locator store;
  Instant at{};
};

/// What an issuer signed that was not what had been asked for: it would sign the same again, and count it.
struct AmissIssue {
  IssueTerms asked;
  Instant at{};
  std::string why;
};

/// What is known of a `certificate.issued` block. At least one of the three is there.
struct IssueRecord {
  std::string address;  ///< `certificate.issued.carrier_a`
  std::optional<OpenIssue> open;
  std::optional<IssuedCertificate> last;
  std::optional<AmissIssue> amiss = std::nullopt;  ///< of the last request that ended, where that was signed amiss
};

struct OutputRecord {
  std::string json;  ///< canonical JSON of the value; never present for a sensitive output
  std::string type;
  bool sensitive = false;
};

/// What `-replace` asked for and no run has done yet.
struct Replacement {
  Instant asked{};
  std::optional<Fingerprint> instead_of;  ///< leaf that was live, or in the store; none: nothing was

  /// While the certificate that was to go is still there. `leaf`: what is live, or in the store, now; none: nothing.
  bool holds(const std::optional<Fingerprint>& leaf) const { return instead_of == leaf; }
  friend bool operator==(const Replacement&, const Replacement&) = default;
};

/// A document that only the holder of its key reads: docs/formats/encryption.md. Boxes are base64.
struct SealedDocument {
  std::string key;                          ///< id of the data key that the head is sealed with
  std::map<std::string, std::string> keys;  ///< id → data key, wrapped by the operator's key
  std::uint64_t clear_through = 0;          ///< events up to this number may be in the clear: they are older
  std::string head;                         ///< box of the document without its resources
  std::map<std::string, std::string> rows;  ///< id → box of the document of one resource alone
};

struct StateDocument {
  static constexpr int k_format = 1;
  std::string lineage;                       ///< UUID, made once; two states never share one
  std::uint64_t serial = 0;                  ///< grows by one at each commit
  std::optional<Organisation> organisation;  ///< pinned by the first apply
  std::map<Address, ResourceRecord> resources;
  std::map<std::string, OutputRecord> outputs;
  std::uint64_t folded_through = 0;               ///< events up to this sequence number are in the document
  std::map<std::string, IssueRecord> issues;      ///< by address
  std::set<Fingerprint> revoked;                  ///< leaves that were revoked from here, and keys: never bound again
  std::map<Address, Replacement> replacements;    ///< bindings and `certificate.issued`
  std::map<Address, std::uint64_t> open_intents;  ///< sequence of the intent that still has no outcome: what to resume
  /// As it is kept where it is encrypted: then nothing stands beside it but lineage and serial.
  std::shared_ptr<const SealedDocument> sealed;
};

/// What makes a state "the same state" for compare-and-swap.
struct StateToken {
  std::string lineage;
  std::uint64_t serial = 0;
  friend bool operator==(const StateToken&, const StateToken&) = default;
};

}  // namespace trunkform
