#pragma once
// Whether a certificate is to be issued, and when it will be: docs/semantics.md, issuing. Pure; thread-safe.
#include <optional>
#include <vector>

#include "schemas/model/plan.hpp"

namespace trunkform::issuing {

/// What a store says that it has: readers without a right to the key may be shown something else.
struct StoreSight {
  std::optional<VersionId> version;  ///< none: nothing
};

/// What is known of one `certificate.issued`. Borrowed for the call.
struct IssueInput {
  const IssueRequest& request;
  std::vector<const RotatePolicy*> users{};   ///< of the bindings that use it; none: the defaults count
  const IssueRecord* record = nullptr;        ///< the state's; null: none
  ChainPtr stored{};                          ///< what the store has; null: nothing, or it could not be read
  std::optional<VersionId> version{};         ///< of it
  std::optional<StoreSight> store{};          ///< none: it was not asked, or did not tell
  std::optional<Error> key_lost{};            ///< the store has the certificate without its key
  std::optional<Error> unreadable{};          ///< why nobody knows what the store has
  std::optional<Error> refused{};             ///< nothing may be written there, or asked of the issuer
  std::optional<RenewalWindow> window{};      ///< as the issuer says
  std::vector<std::string> foretold{};        ///< what the issuer is known to make of it; empty: what is asked for
  bool forced = false;                        ///< `-replace`, of this run
  const Replacement* asked_before = nullptr;  ///< `-replace`, of an earlier run, and not done yet; null: none
  bool is_revoked = false;                    ///< what the store has
  Instant now{};

  bool is_forced() const { return forced || asked_before != nullptr; }
};

/// Where a record says that what is shown of the store was never put there, what was counts.
PlannedIssue plan_issue(const IssueInput& seen);

/// What was issued here, where `public_path` shows another certificate as the same version: a version never changes, so
/// that somebody else than the store wrote there. Null: nothing is amiss, or nobody knows.
ChainPtr issued_as_shown(const IssueInput& input);

/// Whether a request that was begun is still what the block asks for, of the same issuer and into the same store: how
/// one logs in there, or proves a name, may change on the way. One with the key of the certificate before is so only
/// where that key may be used again.
bool fits(const OpenIssue& open, const IssueRequest& request);

/// What an issuer made of the lifetime: authorities give less than they are asked for without an error, and some more.
struct OtherLifetime {
  bool is_longer = false;
  std::string words;  ///< `it lives 90 days, and 365 days were asked for (lifetime)`
};
/// None: it gave what was asked for, but for what a clock may be off; or nothing was.
std::optional<OtherLifetime> other_lifetime(const std::optional<Duration>& asked, const ChainFacts& given);

/// The moment in an issuer's window at which this certificate is renewed: spread over the window by its own digest, so
/// that everybody who asks gets the same (RFC 9773 §4.2 asks for a random one).
Instant moment_in(const RenewalWindow& window, const CertificateFacts& leaf);

}  // namespace trunkform::issuing
