#pragma once
// One binding and everything around it, healthy and recorded to begin with: a test changes what it is about.
#include <memory>
#include <string>
#include <vector>

#include "planner/diff/diff.hpp"

namespace trunkform::diff::test {

inline Instant at(const char* text) { return parse_rfc3339(text).value(); }
constexpr Duration days(int count) { return std::chrono::hours(24 * count); }
inline const Instant k_now = at("2026-11-24T12:00:00Z");

Fingerprint fingerprint(const std::string& seed);
CertificatePtr certificate(const std::string& name, Instant begins, Instant ends);
ChainPtr chain(std::vector<CertificatePtr> certificates);
/// A leaf of 90 days that ends `left` from now, alone.
ChainPtr leaf(const std::string& name, Duration left, Duration lifetime = days(90));
/// The same leaf with an intermediate behind it.
ChainPtr with_intermediate(const ChainPtr& leaf_chain, Instant intermediate_ends = k_now + days(1000),
                           const std::string& name = "intermediate");
PathFacts trusted_until(Instant effective_expiry);
Finding block(const std::string& rule);
Address address(const std::string& name);

struct World {
  World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Binding binding;
  std::vector<LiveTrunk> trunks;  ///< the first is the binding's
  std::optional<ResourceRecord> record;
  std::optional<Intent> intent;
  std::optional<Sighting> served;
  Offer offer;
  std::optional<PathFacts> observed_path;
  std::vector<Finding> findings;
  std::vector<Finding> live_findings;
  std::optional<std::vector<VersionId>> stored_versions;
  Organisation organisation{"org-1", "Example", true};
  std::optional<Organisation> pinned = Organisation{"org-1", "Example", true};
  std::vector<Address> bound_twice;
  std::optional<TrunkOwner> owned_elsewhere;
  std::optional<PaceWait> paced_until;
  Overrides overrides;
  Instant now = k_now;

  /// On the trunk, and where `is_recorded` also in state.
  void set_live(const ChainPtr& live, bool is_recorded = true);
  void set_offer(const ChainPtr& offered);
  void set_pending();
  void set_unreachable();
  ResourceRecord recorded(const ChainPtr& chain) const;

  DiffInput input() const;
  PlannedChange run() const { return diff(input()); }
  /// As if `change` had been applied: live and state follow.
  void apply(const PlannedChange& change);

 private:
  mutable std::optional<TrunkIndex> m_index;
};

bool has_note(const PlannedChange& change, const std::string& part);
bool has_hint(const PlannedChange& change, const std::string& part);
/// Everything that diff decides, as one text: to compare two runs.
std::string fingerprint_of(const PlannedChange& change);

}  // namespace trunkform::diff::test
