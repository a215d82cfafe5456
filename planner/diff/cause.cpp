#include <algorithm>
#include <array>
#include <set>

#include "planner/diff/rules_broken.hpp"
#include "planner/diff/steps.hpp"

namespace trunkform::diff {
namespace {

bool has_same_leaf(const Situation& s) {
  return s.has_live() && s.offers_certificate() && s.observed.chain->identity.leaf == s.offer().chain->identity.leaf;
}

std::set<Fingerprint> members(const ChainFacts& chain) {
  std::set<Fingerprint> result;
  for (const auto& certificate : chain.certificates) result.insert(certificate->fingerprint);
  return result;
}

/// docs/decisions/0173: trusted where live is not, or live and more, or live in order, or ending later.
bool is_better_chain(const Situation& s) {
  const auto& offer = s.offer();
  const auto* live_path = s.input.observed_path;
  if (live_path != nullptr && offer.path.trusted && !live_path->trusted) return true;
  const auto live = members(*s.observed.chain);
  const auto offered = members(*offer.chain);
  if (std::includes(offered.begin(), offered.end(), live.begin(), live.end())) return true;
  return live_path != nullptr && offer.path.trusted && live_path->trusted &&
         offer.path.effective_expiry > live_path->effective_expiry;
}

bool is_new(const Situation& s, Relation) { return s.prior == nullptr && !s.has_live(); }
bool is_adopted(const Situation& s, Relation relation) { return s.prior == nullptr && relation == Relation::same; }
bool is_unmanaged(const Situation& s, Relation) { return s.prior == nullptr; }

bool is_rule_violated(const Situation& s, Relation) {
  // With the same leaf it is the chain that is wrong, and `chain_repair` says so. What has expired breaks the path
  // rules for that reason alone, and `due` says so.
  if (!s.has_live() || s.expired) return false;
  // What is still to be issued is judged before it is bound: until then it is taken to keep what live breaks.
  if (s.offer().kind == Offer::Kind::pending) return s.input.live_findings != nullptr && blocks(*s.input.live_findings);
  return s.offers_certificate() && !has_same_leaf(s) && breaks_a_rule_kept_by(s.input.live_findings, s.input.findings);
}

bool is_chain_repair(const Situation& s, Relation relation) {
  return relation != Relation::same && has_same_leaf(s) && is_better_chain(s);
}

/// docs/decisions/0178. What went back is followed only as far as the gate `older_than_live`, which says so.
bool is_available(const Situation& s, Relation relation) {
  if (s.binding().rotate->when != RotateWhen::available) return false;
  if (relation == Relation::newer || relation == Relation::pending) return true;
  if (relation != Relation::older) return false;
  return s.binding().rotate->shorter == Shorter::refuse || !s.offer_was_issued_before_live();
}

struct CauseRow {
  Cause cause;
  bool (*holds)(const Situation&, Relation);
};

/// The first that holds.
constexpr std::array k_causes = {
    CauseRow{Cause::resumed, [](const Situation& s, Relation) { return s.input.open_intent != nullptr; }},
    CauseRow{Cause::forced, [](const Situation& s, Relation) { return s.is_to_be_replaced(); }},
    CauseRow{Cause::new_binding, is_new},
    CauseRow{Cause::adopted, is_adopted},
    CauseRow{Cause::unmanaged, is_unmanaged},
    CauseRow{Cause::changed, [](const Situation& s, Relation) { return s.source_changed(); }},
    CauseRow{Cause::rule_violated, is_rule_violated},
    CauseRow{Cause::drifted, [](const Situation& s, Relation) { return s.drifted(); }},
    CauseRow{Cause::chain_repair, is_chain_repair},
    CauseRow{Cause::due, [](const Situation& s, Relation) { return s.due; }},
    CauseRow{Cause::available, is_available},
};

/// Live is what the source offers, but state says otherwise or nothing: it has to learn.
bool state_is_behind(const Situation& s) {
  if (s.rollback_is_due()) return false;
  return s.prior == nullptr || s.input.open_intent != nullptr || s.source_changed() || s.drifted();
}

/// A source that does not answer is a warning as long as nothing is needed from it.
bool can_wait_for_source(const Situation& s) {
  return s.offer().kind != Offer::Kind::pending && !s.offers_pair() && s.has_live() && !s.due && !s.expired &&
         !s.is_to_be_replaced();
}

}  // namespace

Cause cause_of(const Situation& situation, Relation relation) {
  const auto* const row = std::find_if(k_causes.begin(), k_causes.end(),
                                       [&](const CauseRow& candidate) { return candidate.holds(situation, relation); });
  return row == k_causes.end() ? Cause::not_due : row->cause;
}

Action action_of(const Situation& situation, Relation relation, Cause cause) {
  // The same certificate is never sent again, whatever the cause.
  if (relation == Relation::same) return state_is_behind(situation) ? Action::adopt : Action::no_op;
  if (cause == Cause::not_due || can_wait_for_source(situation)) return Action::no_op;
  return situation.prior == nullptr && !situation.has_live() ? Action::create : Action::update;
}

}  // namespace trunkform::diff
