#pragma once
// Everything that is known about one binding when it is diffed: desired, prior, live, served, offered. Borrows what
// is large or shared; the caller keeps it alive for the call. Nothing here does I/O.
#include <optional>
#include <string>
#include <vector>

#include "planner/diff/lookup.hpp"
#include "schemas/model/binding.hpp"
#include "schemas/model/event.hpp"
#include "schemas/model/finding.hpp"
#include "schemas/model/owner.hpp"
#include "schemas/model/pace.hpp"
#include "schemas/model/plan.hpp"
#include "schemas/model/state.hpp"
#include "schemas/model/trunk.hpp"

namespace trunkform::diff {

/// What the operator said on the command line about this address.
struct Overrides {
  bool replace = false;        ///< `-replace=ADDR`
  bool retry = false;          ///< `-retry`: bind a quarantined chain again
  bool ignore_window = false;  ///< `-ignore-window`
};

struct DiffInput {
  const Binding& binding;
  const Offer& offer;
  TrunkLookup trunk{};
  Instant now{};

  const ResourceRecord* prior = nullptr;           ///< none: not in state
  const Intent* open_intent = nullptr;             ///< an intent without outcome
  const Replacement* asked_before = nullptr;       ///< by an earlier `-replace`; none, or it does not hold any more
  bool in_hand = false;                            ///< of a run that is at work now
  std::optional<Sighting> served{};                ///< what the SIP TLS port presents, where somebody looked
  const PathFacts* observed_path = nullptr;        ///< of `observe(…)`'s chain against the carrier's trust store
  const std::vector<Finding>* findings = nullptr;  ///< the rules over `offer`
  const std::vector<Finding>* live_findings = nullptr;  ///< the same rules over `observe(…)`'s chain
  /// Versions that the source still has; null: nobody asked. Decides `no_way_back`.
  const std::vector<VersionId>* stored_versions = nullptr;

  Organisation organisation{};                        ///< of the credentials, now
  std::optional<Organisation> pinned_organisation{};  ///< state's
  std::vector<Address> bound_twice{};                 ///< other bindings of the same trunk
  const Address* left_by = nullptr;   ///< that the state has the trunk under, and that is no longer configured
  bool left_by_is_protected = false;  ///< by `prevent_destroy`: it is not forgotten for the sake of this one
  std::optional<TrunkOwner> owned_elsewhere{};  ///< who owns the trunk in another state
  std::optional<PaceWait> paced_until{};        ///< the carrier's pacing
  Overrides overrides{};
};

/// What is known about the certificate on the trunk, and by which evidence: the API, else the wire, else the state.
struct Observation {
  Sighting::Kind kind = Sighting::Kind::unknown;
  ChainPtr chain;  ///< set for `certificate`
  Evidence evidence = Evidence::none;
  std::string why;  ///< why the API does not say

  /// Somebody looked: what state alone remembers is never a reason to write.
  bool seen() const { return evidence == Evidence::api || evidence == Evidence::wire; }
};

/// `served` may be empty, `prior` null. For callers that prepare `observed_path` and `live_findings`.
Observation observe(const TrunkLookup& trunk, const std::optional<Sighting>& served, const ResourceRecord* prior);

}  // namespace trunkform::diff
