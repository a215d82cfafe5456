#pragma once
// What a good certificate for a SIP trunk is: one table of rules over facts, judged alike at plan, at apply and by
// `trunkform certificate check`. Pure: time is an argument. Thread-safe.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/certificate_facts.hpp"
#include "schemas/model/error.hpp"
#include "schemas/model/finding.hpp"
#include "schemas/model/policy.hpp"

namespace trunkform::rules {

/// Whether the certificates go out as they stand (what is live; a file that another program sends), or are put in
/// order first, as every source's are: then a wrong order is worth a warning only.
enum class Arrangement { as_it_stands, rebuilt };

/// While planning, a certificate that is too young only waits (its action gets a `not_before`); at apply it blocks.
enum class Moment { planning, applying };

/// Everything is borrowed for the call. A pointer that is null was not at hand: its rules are not judged.
struct RuleInput {
  ChainPtr chain;                     ///< leaf first; null only together with `unreadable`
  const Error* unreadable = nullptr;  ///< why the certificates could not be read
  const BundleFacts* bundle = nullptr;
  const PathFacts* path = nullptr;
  Revocation revocation = Revocation::unknown;
  const KeyFacts* key = nullptr;
  bool passphrase_at_hand = false;         ///< the encrypted key is opened before it is sent
  const CarrierPolicy* carrier = nullptr;  ///< null: the defaults
  std::span<const std::string> names;      ///< that the peer expects; empty: not judged
  Instant now{};
  Duration min_age{0};           ///< of `certificate check`; in a plan it defers instead (planner/schedule/not_before)
  std::optional<Instant> since;  ///< when the source first had it; none: its notBefore
  const CertificateFacts* previous = nullptr;  ///< the leaf that it follows on the trunk
  Arrangement arrangement = Arrangement::rebuilt;
  Moment moment = Moment::planning;
};

/// How a rule was broken. `verdict` where it differs from the table's.
struct Broken {
  std::string message;
  std::string mend;
  std::optional<Verdict> verdict = std::nullopt;
};

/// Facts without which a rule says nothing, neither good nor bad.
enum class Needs { text, chain, bundle, path, revocation, key, names, previous };

struct Rule {
  std::string_view name;    ///< stable, `key_mismatch`
  Verdict verdict;          ///< when broken: warn or block
  std::string_view clause;  ///< `RFC 5922 §7.1`
  std::string_view good;    ///< what is so when it is kept, `the private key belongs to the leaf`
  Needs needs;
  /// Called only where the facts are at hand. None: kept.
  std::optional<Broken> (*check)(const RuleInput& input);
  /// The rule that must be mended before this one can be judged; empty: it can. Null: always.
  std::string_view (*hidden_by)(const RuleInput& input) = nullptr;
  /// Where the carrier's identity_rules are rfc6125; empty: `clause`.
  std::string_view clause_of_web = {};
};

/// The whole table, in the order in which findings are shown. Documentation is generated from it.
std::span<const Rule> table();

/// What is wrong, in the table's order; empty for a good certificate.
std::vector<Finding> judge(const RuleInput& input);
/// The same, with a passing finding for each rule that was judged and kept.
std::vector<Finding> judge_all(const RuleInput& input);

struct Unjudged {
  std::string_view rule;
  std::string_view before;  ///< the broken rule that hides it
};
/// The rules that are neither kept nor broken although their facts are at hand, because of another fault.
std::vector<Unjudged> unjudged(const RuleInput& input);

}  // namespace trunkform::rules
