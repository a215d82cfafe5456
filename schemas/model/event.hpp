#pragma once
// The append-only event log: what happened, once. Recovery, history, alerts, the live view, `-json` and metrics are
// folds or sinks of it. Byte by byte: docs/formats/events.md. Never a secret.
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "schemas/model/address.hpp"
#include "schemas/model/identity.hpp"
#include "schemas/model/state.hpp"
#include "schemas/model/verification.hpp"

namespace trunkform {

using Sequence = std::uint64_t;

/// Somebody acquired the lock: events of earlier epochs may no longer be written.
/// `torn_bytes`: what a crash left of a last line, cut off before this event.
struct EpochOpened {
  std::string lock_id;
  std::uint64_t epoch = 0;
  std::uint64_t torn_bytes = 0;
};
struct RunStarted {
  std::string command;
  std::size_t planned = 0;
  std::string reason;
};
struct RunFinished {
  std::size_t changed = 0;
  std::size_t failed = 0;
  std::size_t deferred = 0;
  bool stopped = false;
};

/// Durable before the PATCH goes out. `record` is what the state will hold when it commits.
struct Intent {
  Address address;
  TrunkId trunk_id;
  std::optional<Identity> from;  ///< what was live
  ResourceRecord record;
  std::string status;  ///< of the trunk, before; what its status afterwards is held against
};
/// The service acknowledged the PATCH, or a lost answer was read back as committed.
struct Patched {
  Address address;
  bool read_back = false;
  std::string correlation_id;
};
struct ReadBack {
  Address address;
  std::optional<Identity> live;
  std::string status;
};
struct Probed {
  Address address;
  Verification verification;
};

enum class OutcomeKind { committed, not_committed, failed, rolled_back, foreign };
std::string_view to_string(OutcomeKind kind);

/// Closes the intent of an address. `record` is what the state holds from now on (unset: as before).
struct Outcome {
  Address address;
  OutcomeKind kind = OutcomeKind::committed;
  std::optional<ResourceRecord> record;
  Verification verification;
  std::string message;
};
struct Deferred {
  Address address;
  Instant not_before{};
};
struct Adopted {
  ResourceRecord record;
  bool imported = false;
};
struct Forgotten {
  Address address;
  std::string why;
};
struct Moved {
  Address from;
  Address to;
};
/// The document was replaced whole, by `state push` or a restore.
struct StateReplaced {
  std::uint64_t serial = 0;
  std::string why;
};
struct LockBroken {
  std::string lock_id;
  std::string holder;
};

/// Before a key is staged or anything is ordered.
struct IssueBegun {
  std::string address;
  OpenIssue issue;  ///< without order and certificates
};
/// What the issuer answered: the order's reference, or the certificates themselves.
struct IssueOrdered {
  std::string address;
  std::string request;
  std::string order;
  std::string certificates_pem;
};
/// The certificate is in the store, or the request was given up.
struct IssueEnded {
  std::string address;
  std::string request;
  std::optional<IssuedCertificate> issued;
  std::string message;  ///< why it was given up
  bool amiss = false;   ///< it was signed, and not as it was asked for
};
/// Durable before the issuer is asked to revoke a certificate: whether it has, a run that dies may never learn, so it
/// is not bound again from here on.
struct IssueRevokeAsked {
  std::string address;
  Fingerprint leaf;
  std::string reason;
  std::optional<Fingerprint> key{};  ///< as IssueRevoked's
};
/// The issuer said no: what was not known to be revoked before is as good as it was.
struct IssueRevokeRefused {
  std::string address;
  std::optional<Fingerprint> leaf{};  ///< none: it had been revoked before
  std::optional<Fingerprint> key{};   ///< likewise
  std::string message;
};
/// Its issuer has revoked a certificate at our asking: it is not bound again.
struct IssueRevoked {
  std::string address;
  Fingerprint leaf;
  std::string reason;
  std::optional<Fingerprint> key{};  ///< PublicKeyFacts::spki; only of a key that is known to others
};
/// The block is gone from the configuration, or somebody had it forgotten.
struct IssueForgotten {
  std::string address;
  std::string why;  ///< empty: the block is gone
};
/// A run could not go on with it: a store or an issuer that cannot be opened or does not answer, another's staged key.
/// What is open stays open.
struct IssueFailed {
  std::string address;
  std::string message;
};
struct IssueMoved {
  std::string from;
  std::string to;
};
/// Somebody had a staged key removed that no run of this state had staged.
struct IssueUnstaged {
  std::string address;
  std::string request;  ///< that it was staged for
  Instant since{};      ///< when it was
};

/// `-replace` named it: written before anything is done, so that the wish outlives its run.
struct ReplaceAsked {
  Address address;                        ///< of a binding or of a `certificate.issued`
  std::optional<Fingerprint> instead_of;  ///< leaf that was live, or in the store; none: nothing was
};
/// Nobody wants it any more, or there is another certificate by now.
struct ReplaceWithdrawn {
  Address address;
  std::string why;
};

using EventBody = std::variant<EpochOpened, RunStarted, RunFinished, Intent, Patched, ReadBack, Probed, Outcome,
                               Deferred, Adopted, Forgotten, Moved, StateReplaced, LockBroken, IssueBegun, IssueOrdered,
                               IssueEnded, IssueForgotten, IssueRevokeAsked, IssueRevokeRefused, IssueRevoked,
                               IssueFailed, IssueMoved, IssueUnstaged, ReplaceAsked, ReplaceWithdrawn>;

struct Event {
  Sequence sequence = 0;
  Instant time{};
  std::string run;         ///< id of the run, one per process that held the lock
  std::string actor;       ///< user@host
  std::string plan;        ///< digest of the plan being applied; empty outside apply
  Fingerprint previous{};  ///< SHA-256 of the line before; zero for the first
  EventBody body;
};

/// The stable word for a body in files and JSON: `intent`, `outcome` …
std::string_view kind_of(const EventBody& body);

/// The `certificate.issued` an event is about, where it is about one.
const std::string* issue_of(const EventBody& body);

/// The address an event is about, where it is about one.
const Address* address_of(const EventBody& body);

}  // namespace trunkform
