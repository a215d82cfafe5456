#include <algorithm>

#include "planner/diff/source.hpp"
#include "planner/diff/steps.hpp"
#include "planner/schedule/threshold.hpp"

namespace trunkform::diff {

Instant effective_expiry(const ChainFacts& chain, const PathFacts* path) {
  return path != nullptr && path->trusted ? path->effective_expiry : chain.least_not_after();
}

Observation observe(const TrunkLookup& trunk, const std::optional<Sighting>& served, const ResourceRecord* prior) {
  Observation seen;
  if (trunk.kind == TrunkLookup::Kind::found && trunk.trunk != nullptr) {
    const auto& live = trunk.trunk->certificate;
    if (live.kind != Sighting::Kind::unknown) return {live.kind, live.chain, Evidence::api, {}};
    seen.why = live.why;
  }
  // A handshake that shows no certificate is no evidence that the trunk has none.
  if (served && served->is_certificate()) return {served->kind, served->chain, Evidence::wire, seen.why};
  if (prior != nullptr && !trunk.repointed)
    return {Sighting::Kind::certificate, prior->chain, Evidence::state, seen.why};
  return seen;
}

Situation::Situation(const DiffInput& diff_input)
    : input(diff_input),
      prior(diff_input.trunk.repointed ? nullptr : diff_input.prior),
      observed(observe(diff_input.trunk, diff_input.served, diff_input.prior)) {
  if (!has_live()) return;
  expiry = effective_expiry(*observed.chain, input.observed_path);
  const auto lifetime = observed.chain->lifetime();
  const auto& rotate = binding().rotate;
  expired = schedule::is_expired(*expiry, input.now);
  critical = schedule::is_critical(lifetime, *expiry, rotate, input.now);
  due = schedule::is_due(lifetime, *expiry, rotate, input.now);
}

bool Situation::drifted() const {
  if (prior == nullptr || !observed.seen()) return false;
  return !has_live() || !prior->is_live_as(observed.chain->identity);
}

bool Situation::source_changed() const {
  return prior != nullptr && !is_same_source(prior->locator, binding().locator);
}

bool Situation::reverted() const {
  if (!drifted() || !has_live()) return false;
  const auto& live = observed.chain->identity;
  return std::any_of(prior->history.begin(), prior->history.end(), [&](const HistoryEntry& entry) {
    const auto& earlier = entry.chain->identity;
    // A service that gives chains back in its own way does so with the earlier one too: then the leaf decides.
    const bool leaf_decides = prior->as_read && earlier.leaf != prior->chain->identity.leaf;
    return earlier == live || (leaf_decides && earlier.leaf == live.leaf);
  });
}

bool Situation::rollback_is_due() const {
  const auto* intent = input.open_intent;
  return intent != nullptr && intent->record.was_put_back() && intent->from && has_live() &&
         observed.chain->identity == *intent->from && !binding().replace_compromised;
}

bool Situation::offer_was_issued_before_live() const {
  if (!has_live() || !offers_certificate()) return false;
  const auto &live = observed.chain->leaf(), &offered = offer().chain->leaf();
  return live.fingerprint != offered.fingerprint && offered.not_before < live.not_before;
}

const Quarantine* quarantine_of(const Situation& s) {
  const auto* intent = s.input.open_intent;
  // A rollback that was interrupted had quarantined what it left, though no outcome has recorded it yet.
  if (intent != nullptr && intent->record.quarantine) return &*intent->record.quarantine;
  return s.prior != nullptr && s.prior->quarantine ? &*s.prior->quarantine : nullptr;
}

bool is_quarantined(const Situation& s) {
  const auto* quarantine = quarantine_of(s);
  return quarantine != nullptr && s.offers_certificate() && !s.input.overrides.retry &&
         quarantine->identity.chain == s.offer().chain->identity.chain;
}

bool leaves_a_compromised_key(const Situation& s) {
  return s.binding().replace_compromised && s.has_live() && s.offers_certificate() &&
         s.observed.chain->leaf().key.spki != s.offer().chain->leaf().key.spki;
}

}  // namespace trunkform::diff
