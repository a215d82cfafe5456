#include <algorithm>
#include <charconv>

#include "planner/diff/steps.hpp"

namespace trunkform::diff {
namespace {

std::optional<std::uint64_t> as_number(const std::optional<VersionId>& version) {
  if (!version || version->value.empty()) return std::nullopt;
  std::uint64_t number = 0;
  const auto* end = version->value.data() + version->value.size();
  const auto [stop, error] = std::from_chars(version->value.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

/// Only counted versions of one source can be higher; ids and digests have no order.
bool has_higher_version(const Situation& situation) {
  const auto* prior = situation.prior;
  if (prior == nullptr || situation.drifted() || situation.source_changed()) return false;
  const auto offered = as_number(situation.offer().version);
  const auto recorded = as_number(prior->version);
  return offered && recorded && *offered > *recorded;
}

bool is_same(const Situation& situation) {
  const auto& live = situation.observed.chain->identity;
  const auto& offered = situation.offer().chain->identity;
  if (offered == live) return true;
  const auto* prior = situation.prior;
  return prior != nullptr && offered == prior->chain->identity && prior->is_live_as(live);
}

/// Ends can be compared where both were judged alike. One leaf under two chains of which one was not validated differs
/// in what is known about it, not in when it ends.
bool ends_are_comparable(const Situation& situation) {
  const auto& live = *situation.observed.chain;
  const auto& offer = situation.offer();
  if (live.identity.leaf != offer.chain->identity.leaf) return true;
  return offer.path.trusted && situation.input.observed_path != nullptr && situation.input.observed_path->trusted;
}

}  // namespace

Relation relation_of(const Situation& situation) {
  const auto& offer = situation.offer();
  if (offer.kind == Offer::Kind::pending) return Relation::pending;
  if (!situation.offers_certificate()) return Relation::unknown;
  if (situation.nothing_live()) return Relation::newer;
  if (!situation.has_live()) return Relation::unknown;
  if (is_same(situation)) return Relation::same;
  if (!ends_are_comparable(situation)) return Relation::sibling;

  const auto live_end = *situation.expiry;
  const auto offered_end = effective_expiry(*offer.chain, &offer.path);
  if (offered_end > live_end) return Relation::newer;
  if (offered_end < live_end) return Relation::older;
  const bool begins_later = offer.chain->leaf().not_before > situation.observed.chain->leaf().not_before;
  return begins_later || has_higher_version(situation) ? Relation::newer : Relation::sibling;
}

}  // namespace trunkform::diff
