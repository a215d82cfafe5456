#include <algorithm>

#include "planner/diff/source.hpp"
#include "planner/diff/steps.hpp"

namespace trunkform::diff {
namespace {

struct Earlier {
  const ChainPtr& chain;
  const Locator& locator;
  const std::optional<VersionId>& version;
};

bool is_stored(const Situation& situation, const Earlier& earlier) {
  const auto* stored = situation.input.stored_versions;
  // What was found on a trunk and is in no source: nobody has its key.
  if (!earlier.version) return false;
  // Only this binding's source was asked; what another one has is not known, which is not "gone".
  if (stored == nullptr || !is_same_source(earlier.locator, situation.binding().locator)) return true;
  return std::find(stored->begin(), stored->end(), *earlier.version) != stored->end();
}

bool is_usable(const Situation& situation, const Earlier& earlier) {
  const auto& identity = earlier.chain->identity;
  if (situation.prior->quarantine && situation.prior->quarantine->identity.chain == identity.chain) return false;
  return earlier.chain->least_not_after() >= situation.input.now && is_stored(situation, earlier);
}

/// From what is about to be bound.
bool can_go_back_to(const Situation& situation, const Earlier& earlier) {
  if (situation.offers_certificate() && situation.offer().chain->identity == earlier.chain->identity) return false;
  return is_usable(situation, earlier);
}

}  // namespace

bool can_roll_back(const Situation& situation) {
  const auto* prior = situation.prior;
  if (prior == nullptr || situation.binding().replace_compromised) return false;
  return std::any_of(prior->history.begin(), prior->history.end(), [&](const HistoryEntry& entry) {
    return is_usable(situation, {entry.chain, entry.locator, entry.version});
  });
}

bool no_way_back(const Situation& situation) {
  if (situation.binding().replace_compromised) return true;
  const auto* prior = situation.prior;
  if (prior == nullptr) return true;
  if (can_go_back_to(situation, {prior->chain, prior->locator, prior->version})) return false;
  return std::none_of(prior->history.begin(), prior->history.end(), [&](const HistoryEntry& entry) {
    return can_go_back_to(situation, {entry.chain, entry.locator, entry.version});
  });
}

}  // namespace trunkform::diff
