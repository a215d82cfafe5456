#pragma once
// The plan: per address one action with its reason, and what was reviewed, pinned. Never holds a secret.
// Words: docs/semantics.md, diff. Saved form: docs/formats/plan.md.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/binding.hpp"
#include "schemas/model/diagnostic.hpp"
#include "schemas/model/finding.hpp"
#include "schemas/model/issuing.hpp"
#include "schemas/model/state.hpp"

namespace trunkform {

enum class Action { no_op, create, update, remove, forget, adopt };
enum class Health { healthy, due, critical, expired, rule_violated, unknown };
enum class Relation { same, newer, older, sibling, pending, unknown };
enum class Cause {
  not_due,  ///< none holds: a no-op
  resumed,
  forced,
  new_binding,
  adopted,
  unmanaged,
  changed,
  rule_violated,
  drifted,
  chain_repair,
  due,
  available,
  removed,    ///< no longer in the configuration: forgotten
  destroyed,  ///< `destroy`
};
enum class Gate {
  none,
  trunk_missing,
  trunk_ambiguous,
  trunk_replaced,
  bound_twice,
  wrong_organisation,
  owned_elsewhere,
  live_unknown,
  source_unreachable,
  quarantined,
  rule_failed,
  unmanaged,
  older_than_live,
  reverted_outside,
  stale_configuration,  ///< of a saved plan: the binding was changed after it was reviewed
  prevent_destroy,      ///< on a forget: `lifecycle.prevent_destroy`, of the binding or as last recorded
};
enum class Evidence { none, api, wire, state };
enum class Capability { sealed, partial, opaque };

std::string_view to_string(
    Action value);  ///< Terraform's words: `no-op`, `create`, `update`, `delete`, `forget`, `adopt`
std::string_view to_string(Health value);
std::string_view to_string(Relation value);
std::string_view to_string(Cause value);
std::string_view to_string(Gate value);
std::string_view to_string(Evidence value);
std::string_view to_string(Capability value);

/// What a source offers for a binding, as `describe` and the rules see it.
struct Offer {
  enum class Kind { certificate, pending, unreachable };
  Kind kind = Kind::unreachable;
  ChainPtr chain;  ///< as it would be sent to this carrier; set for `certificate`
  std::optional<VersionId> version;
  Capability capability = Capability::opaque;
  PathFacts path;                       ///< against the carrier's trust store, now
  BundleFacts bundle;                   ///< how the file or secret had it
  std::optional<Error> error;           ///< set for `unreachable`
  std::optional<Error> no_key;          ///< the source gives it to nobody: no machine can apply this
  std::optional<Error> key_unreadable;  ///< on this machine, where the source can tell without reading the key
};

/// A warning that is drift, apart from the action: what changed outside.
struct Drift {
  enum class Kind { certificate, trunk_renamed, trunk_missing, status };
  Kind kind = Kind::certificate;
  std::string message;
};

/// How the note begins that says why an action waits: `deferred: the window opens then (rotate.window)`.
inline constexpr std::string_view k_deferred_note = "deferred: ";

/// How the warning begins that apply would not get the private key where this plan was made.
inline constexpr std::string_view k_key_warning = "warning: the private key is not to be had here";
/// How the warning begins that a write leaves nothing to go back to.
inline constexpr std::string_view k_no_way_back = "warning: no way back: ";

/// Whether a trunk of ours is still ours to look at and to take back, though nothing new may be bound there.
bool leaves_the_trunk_to_us(Gate gate);

struct PlannedChange {
  Address address;
  Action action = Action::no_op;
  Cause cause = Cause::not_due;
  Health health = Health::unknown;
  Relation relation = Relation::unknown;
  Gate gate = Gate::none;              ///< not none: this address is excluded and the run exits 1
  std::optional<Error> error;          ///< the gate, explained; or `awaiting_source` once critical
  Evidence evidence = Evidence::none;  ///< for what is said about `before`
  std::optional<Binding> binding;      ///< none for forget
  std::optional<TrunkId> trunk_id;
  std::string trunk_name;
  std::string trunk_status;  ///< just before, for "no worse than before"
  ChainPtr before;           ///< live
  ChainPtr after;            ///< offered; null: unchanged, forgotten or unreachable
  ChainPtr meanwhile;  ///< where `after` is to be issued: bound if the issuer gives nothing; null: live stays then
  std::optional<VersionId> version;
  Capability capability = Capability::opaque;
  std::optional<Instant> effective_expiry;  ///< of live
  std::optional<Instant> not_before;        ///< apply defers until then
  std::optional<Instant> deadline;          ///< live's effective expiry
  std::optional<Instant> rotates_on;        ///< a no-op with a newer version: when it becomes due
  bool awaiting_source = false;             ///< due, and the source still offers the same
  bool no_way_back = false;                 ///< a write after which rollback has nowhere to go
  bool held_back = false;                   ///< its chain failed on the carrier: left alone without `apply -retry`
  std::vector<Finding> findings;            ///< of `after`, warnings and blocks
  std::vector<Drift> drift;
  std::vector<std::string> notes;
  int wave = -1;               ///< index into Plan::waves; −1: nothing to patch
  std::string binding_digest;  ///< of the evaluated binding; set by the codec when the plan is saved

  bool writes() const { return gate == Gate::none && (action == Action::create || action == Action::update); }
};

/// Why a certificate is issued: the first that holds.
enum class IssueCause {
  none,     ///< nothing is to be done
  resumed,  ///< a request was begun, and has no end yet
  forced,   ///< `-replace`
  first,    ///< the store has none
  names_changed,
  key_changed,     ///< the type of key
  issuer_changed,  ///< of what was issued last
  revoked,         ///< what the store has was revoked from here
  due,
};
std::string_view to_string(IssueCause value);

/// A `certificate.issued` and what is to be done for it. What is reviewed is the request: a certificate that does not
/// exist yet has no fingerprint.
struct PlannedIssue {
  IssueRequest request;
  IssueCause cause = IssueCause::none;
  std::optional<Error> error;           ///< what keeps it from being issued; or, with nothing to do, a warning's reason
  ChainPtr before;                      ///< in the store; null: nothing, or it could not be read
  std::optional<VersionId> replaces;    ///< its version: the write is conditional on it
  std::optional<Instant> renews_on;     ///< when it becomes due
  std::optional<RenewalWindow> window;  ///< as the issuer says
  std::string resumes;                  ///< id of the request that is gone on with; empty: none
  std::string gives_up;                 ///< id of the request that is open, and ended in favour of another; empty: none
  bool is_unwanted = false;  ///< `before`, by `-replace`: whatever the cause, also where a request is gone on with
  std::vector<std::string> notes;
  bool other_issuer = false;  ///< than that of `before`, which says nothing of the next one then; not in saved plans

  /// Whether an apply asks the issuer.
  bool issues() const { return cause != IssueCause::none && !error; }
};

/// What an apply clears away of issuing: a request that was begun and that nobody asks for any more, or all that is
/// known of a block that is gone. What its store has stays there.
struct PlannedLeftover {
  std::string address;
  bool is_gone = false;          ///< the block; else it asks for something else now
  std::optional<Instant> since;  ///< of the request that was begun; none: there is none
  std::string staged_in;         ///< the store where its key may lie; empty: there is no request
  std::string order;             ///< the issuer's reference; empty: nothing was ordered

  bool operator==(const PlannedLeftover&) const = default;
};

/// The trunks between two soaks of one carrier and chain.
struct Wave {
  std::string carrier;  ///< label; empty for bindings without one
  bool canary = false;
  std::vector<Address> addresses;  ///< in order; `max_parallel` at a time, `stagger` between
  std::size_t max_parallel = 1;
  Duration stagger{};
  Duration soak{};
};

struct PlannedOutput {
  std::string name;
  std::string json;  ///< canonical JSON; empty for sensitive
  std::string type;
  bool sensitive = false;
  Action action = Action::no_op;
};

struct Plan {
  static constexpr int k_format = 1;
  std::string tool_version;
  Instant created{};
  bool destroy = false;
  bool refresh_only = false;
  bool ignore_window = false;       ///< made with `-ignore-window`: windows do not hold the apply up either
  std::optional<StateToken> state;  ///< what was planned against; none: no state yet
  Organisation organisation;
  std::string service;                              ///< API base, for people and to refuse another one
  std::map<std::string, std::string> variables;     ///< JSON texts of the non-sensitive ones that were set
  std::vector<std::string> sensitive_variables;     ///< must be given again
  std::map<std::string, std::string> file_digests;  ///< file name → SHA-256 of configuration and what it read
  std::vector<PlannedIssue> issues;                 ///< by address: every `certificate.issued` that was looked at
  std::vector<PlannedLeftover> leftovers;           ///< by address; of a plan of everything
  std::vector<PlannedChange> changes;               ///< by address
  std::vector<Wave> waves;
  std::vector<PlannedOutput> outputs;
  std::vector<Diagnostic> diagnostics;
  std::uint64_t requests = 0;  ///< API calls that the apply is expected to make
  Duration estimate{};         ///< to the end of the last soak, what an earlier run left open included
  std::string digest;          ///< SHA-256 of the saved form; set by the codec
};

struct PlanCounts {
  std::size_t create = 0, update = 0, remove = 0, forget = 0, adopt = 0, no_op = 0, errors = 0, deferred = 0;
  std::size_t held_back = 0;  ///< counted nowhere else
  std::size_t issue = 0;      ///< certificates that are issued
  bool changes() const { return create + update + remove + forget + adopt + issue > 0; }
};
PlanCounts count(const Plan& plan, Instant now);

}  // namespace trunkform
