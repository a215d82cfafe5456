#include <algorithm>
#include <array>

#include "planner/diff/explain.hpp"
#include "planner/diff/organisation.hpp"
#include "planner/diff/steps.hpp"

namespace trunkform::diff {
namespace {

using Lookup = TrunkLookup::Kind;

bool is_wrong_organisation(const Situation& s, Relation) {
  return s.input.pinned_organisation && !is_organisation_of(*s.input.pinned_organisation, s.input.organisation);
}

/// Binding another trunk forgets the one that is recorded.
bool leaves_a_protected_trunk(const Situation& s, Relation) {
  return s.input.trunk.repointed && s.input.prior != nullptr && s.input.prior->prevent_destroy;
}

bool holds_quarantine(const Situation& s, Relation) { return is_quarantined(s); }

/// What is still to be issued is judged once it is there, before it is bound.
bool is_against_the_rules(const Situation& s, Relation) {
  return s.offers_certificate() && s.input.findings != nullptr && blocks(*s.input.findings);
}

/// What an interrupted write of ours left is ours, though no outcome has recorded it yet.
bool is_from_our_intent(const Situation& s) {
  const auto* intent = s.input.open_intent;
  return intent != nullptr && intent->record.chain != nullptr && intent->record.is_live_as(s.observed.chain->identity);
}

bool is_unmanaged_without_adopt(const Situation& s, Relation) {
  return s.prior == nullptr && s.has_live() && !s.binding().adopt && !is_from_our_intent(s);
}

/// Somebody bound a reissue by hand, which ends when ours does: ours is the older one, perhaps with a key that is lost.
bool would_undo_a_reissue(const Situation& s, Relation relation) {
  return relation == Relation::sibling && s.drifted() && !s.reverted() && s.offer_was_issued_before_live();
}

bool is_refused_as_older(const Situation& s, Relation relation) {
  return (relation == Relation::older || would_undo_a_reissue(s, relation)) && !s.input.overrides.replace &&
         !s.source_changed() && s.binding().rotate->shorter == Shorter::refuse;
}

/// What is live is as the interrupted run found it, or as it left it.
bool is_as_our_intent_says(const Situation& s) {
  const auto* intent = s.input.open_intent;
  return intent != nullptr && (is_from_our_intent(s) || (intent->from && *intent->from == s.observed.chain->identity));
}

bool is_reverted_outside(const Situation& s, Relation) {
  return s.reverted() && !s.input.overrides.replace && !s.source_changed() && !is_as_our_intent_says(s);
}

enum class Stops { everything, writes };

struct GateRow {
  Gate gate;
  Stops stops;
  bool (*holds)(const Situation&, Relation);
};

/// In the order in which they are told. The organisation comes first: in another one every trunk is missing.
constexpr std::array k_gates = {
    GateRow{Gate::wrong_organisation, Stops::everything, is_wrong_organisation},
    GateRow{Gate::trunk_missing, Stops::everything,
            [](const Situation& s, Relation) { return s.input.trunk.kind == Lookup::missing; }},
    GateRow{Gate::trunk_ambiguous, Stops::everything,
            [](const Situation& s, Relation) { return s.input.trunk.kind == Lookup::ambiguous; }},
    GateRow{Gate::trunk_replaced, Stops::everything,
            [](const Situation& s, Relation) { return s.input.trunk.kind == Lookup::replaced; }},
    GateRow{Gate::prevent_destroy, Stops::everything, leaves_a_protected_trunk},
    GateRow{Gate::bound_twice, Stops::everything,
            [](const Situation& s, Relation) { return !s.input.bound_twice.empty() || s.input.left_by_is_protected; }},
    GateRow{Gate::owned_elsewhere, Stops::everything,
            [](const Situation& s, Relation) { return s.input.owned_elsewhere.has_value(); }},
    GateRow{Gate::live_unknown, Stops::writes, [](const Situation& s, Relation) { return !s.observed.seen(); }},
    GateRow{Gate::source_unreachable, Stops::writes,
            [](const Situation& s, Relation) { return s.offer().kind != Offer::Kind::pending && !s.offers_pair(); }},
    GateRow{Gate::quarantined, Stops::writes, holds_quarantine},
    GateRow{Gate::rule_failed, Stops::writes, is_against_the_rules},
    GateRow{Gate::unmanaged, Stops::writes, is_unmanaged_without_adopt},
    GateRow{Gate::older_than_live, Stops::writes, is_refused_as_older},
    GateRow{Gate::reverted_outside, Stops::writes, is_reverted_outside},
};

bool writes(Action action) { return action == Action::create || action == Action::update; }

}  // namespace

std::vector<Gate> gates_of(const Situation& situation, Relation relation, Action action) {
  std::vector<Gate> result;
  for (const auto& row : k_gates)
    if ((row.stops == Stops::everything || writes(action)) && row.holds(situation, relation))
      result.push_back(row.gate);
  return result;
}

std::pair<Gate, std::optional<Error>> gate_of(const Situation& situation, Relation relation, Action action) {
  const auto gates = gates_of(situation, relation, action);
  if (gates.empty()) return {Gate::none, std::nullopt};
  return {gates.front(), explain(gates.front(), situation)};
}

}  // namespace trunkform::diff
