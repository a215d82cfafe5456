#pragma once
// Carrying out one request: key staged → ordered → signed → checked → promoted, each step durable before the next
// (docs/semantics.md, issuing). What was interrupted goes on where it was; nothing is ordered twice and no key is lost.
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cmd/engine/issuing_places.hpp"
#include "cmd/engine/run_log.hpp"
#include "cmd/engine/sources.hpp"
#include "schemas/model/plan.hpp"
#include "schemas/ports/random.hpp"

namespace trunkform::engine {

/// What came of it.
struct IssueOutcome {
  enum class Kind {
    issued,
    there_already,  ///< the store has what was wanted: an earlier run of this plan, or somebody else, was first
    pending,        ///< ordered, and not signed yet: the next run goes on
    failed,         ///< `error` says why; what is still open is gone on with by the next run
  };
  std::string address;
  Kind kind = Kind::failed;
  std::optional<IssuedCertificate> issued;
  std::optional<Error> error;
  std::vector<Error> warnings{};  ///< what could not be cleared away; nothing is wrong with the certificate
};

/// What a run needs for it. Borrowed.
struct IssuingHands {
  IssuingPlaces& places;
  Sources& sources;
  Clock& clock;
  Random& random;
  RunLog& log;
};

/// How long a run waits for an issuer that has not signed yet, before it leaves the order to the next run.
inline constexpr Duration k_issuing_patience = std::chrono::minutes(10);

/// What the state says, null where it says nothing. Borrowed.
struct KnownIssue {
  const IssueRecord* record = nullptr;
  const std::set<Fingerprint>* revoked = nullptr;
};

/// `planned` may be older than what is known: a reviewed plan that is applied again. `patience`: zero orders, asks once
/// and goes on.
IssueOutcome issue_certificate(const Context& context, const IssuingHands& hands, const PlannedIssue& planned,
                               const KnownIssue& known, Duration patience = k_issuing_patience);

}  // namespace trunkform::engine
