#include "planner/diff/diff.hpp"

#include <fmt/format.h>

#include "planner/diff/explain.hpp"
#include "planner/diff/notes.hpp"
#include "planner/diff/steps.hpp"
#include "planner/schedule/not_before.hpp"
#include "planner/schedule/threshold.hpp"

namespace trunkform::diff {
namespace {

void describe_trunk(const Situation& s, PlannedChange& change) {
  const auto& lookup = s.input.trunk;
  if (lookup.kind == TrunkLookup::Kind::found) {
    change.trunk_id = lookup.trunk->id;
    change.trunk_name = lookup.trunk->name;
    change.trunk_status = lookup.trunk->status;
  } else if (s.prior != nullptr) {
    change.trunk_id = s.prior->trunk_id;
    change.trunk_name = s.prior->trunk_name;
  } else if (const auto* name = std::get_if<TrunkByName>(&s.binding().trunk)) {
    change.trunk_name = name->name;
  }
}

void describe_certificates(const Situation& s, PlannedChange& change) {
  const auto& offer = s.offer();
  change.evidence = s.observed.evidence;
  change.before = s.observed.chain;
  change.effective_expiry = s.expiry;
  change.capability = offer.capability;
  if (s.input.findings != nullptr) change.findings = *s.input.findings;
  if (change.action == Action::no_op || !s.offers_certificate()) return;
  change.after = offer.chain;
  // A record's version is where its pair is to be had again: without a key it is nowhere.
  if (!offer.no_key) change.version = offer.version;
}

/// When live becomes due: for what waits, and for what should have come.
std::optional<Instant> due_date(const Situation& s, const PlannedChange& change) {
  const bool waits = change.action == Action::no_op && change.gate == Gate::none &&
                     (change.relation == Relation::newer || change.relation == Relation::pending);
  if (!s.expiry || !(waits || change.awaiting_source)) return std::nullopt;
  return schedule::due_at(s.observed.chain->lifetime(), *s.expiry, s.binding().rotate);
}

void schedule_write(const Situation& s, PlannedChange& change) {
  if (change.action != Action::create && change.action != Action::update) return;
  const auto& input = s.input;
  if (s.has_live()) change.deadline = s.expiry;
  change.no_way_back = no_way_back(s);
  if (!change.writes()) return;
  // From its own beginning: a file may be copied about as often as somebody likes.
  std::optional<Instant> since;
  if (s.offers_certificate()) since = s.offer().chain->leaf().not_before;
  RotatePolicy policy = s.binding().rotate;
  if (leaves_a_compromised_key(s)) policy.min_age = Duration::zero();
  auto deferral = schedule::defer(
      {.policy = policy,
       .effective_expiry = s.expiry,
       .offered_since = since,
       .paced_until = input.paced_until,
       .windows = input.overrides.ignore_window ? schedule::WindowRule::ignore : schedule::WindowRule::honour,
       .now = input.now});
  change.not_before = deferral.not_before;
  if (change.not_before) change.notes.push_back(std::string(k_deferred_note) + deferral.cause);
  for (auto& warning : deferral.warnings) change.notes.push_back("warning: " + std::move(warning));
}

/// What a run is writing now, or an interrupted apply of ours bound, is no change by others.
void tell_own_write(const Situation& s, PlannedChange& change) {
  if (s.input.in_hand) {
    change.drift.clear();
    change.notes.emplace_back(
        "a run had this trunk in hand while this looked: it is judged when that has ended and this is run again");
    return;
  }
  const auto* intent = s.input.open_intent;
  if (intent == nullptr || intent->record.chain == nullptr || !s.has_live() || !s.observed.seen() ||
      !intent->record.is_live_as(s.observed.chain->identity))
    return;
  const auto others =
      std::erase_if(change.drift, [](const Drift& drift) { return drift.kind == Drift::Kind::certificate; });
  if (others > 0) change.notes.emplace_back("an interrupted apply bound what is live; `trunkform apply` finishes it");
}

void mention_other_gates(const Situation& s, PlannedChange& change) {
  for (const auto gate : gates_of(s, change.relation, change.action))
    if (gate != change.gate)
      change.notes.push_back(fmt::format("also {}: {}", to_string(gate), explain(gate, s).summary));
}

}  // namespace

PlannedChange diff(const DiffInput& input) {
  const Situation situation(input);
  if (!input.overrides.replace && leaves_a_compromised_key(situation)) {
    auto insisting = input;
    insisting.overrides.replace = true;
    return diff(insisting);
  }
  PlannedChange change;
  change.address = input.binding.address;
  change.binding = input.binding;
  change.health = health_of(situation);
  change.relation = relation_of(situation);
  change.cause = cause_of(situation, change.relation);
  change.action = action_of(situation, change.relation, change.cause);
  std::tie(change.gate, change.error) = gate_of(situation, change.relation, change.action);
  change.awaiting_source = is_awaiting_source(situation, change.relation);
  if (change.awaiting_source && situation.critical && !change.error) change.error = explain_awaiting_source(situation);
  // A warning until due; but a source that never offered anything is more likely misspelt than away.
  if (situation.prior == nullptr && change.action == Action::no_op && !change.error &&
      situation.offer().kind == Offer::Kind::unreachable)
    change.error = explain(Gate::source_unreachable, situation);
  if (!change.writes() && !change.error && has_failed(situation)) change.error = explain_failed(situation);
  // Who put the earlier files back means to go back: that the live one failed must not be hidden by its being newer.
  if (change.gate == Gate::older_than_live && has_failed(situation)) {
    auto failed = explain_failed(situation);
    failed.causes.push_back(std::move(*change.error));
    change.error = std::move(failed);
  }
  change.rotates_on = due_date(situation, change);
  describe_trunk(situation, change);
  describe_certificates(situation, change);
  schedule_write(situation, change);
  change.drift = drift_of(situation);
  tell_own_write(situation, change);
  mention_other_gates(situation, change);
  for (auto& note : notes_of(situation, change)) change.notes.push_back(std::move(note));
  return change;
}

}  // namespace trunkform::diff
