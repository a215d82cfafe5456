#pragma once
// The four steps of diff (docs/semantics.md): health → relation → cause → gates. Each is a pure function of the
// observations; none hides another. Thread-safe.
#include <optional>
#include <utility>
#include <vector>

#include "planner/diff/input.hpp"

namespace trunkform::diff {

/// The effective expiry: the least notAfter over the validated path, else over what is sent.
Instant effective_expiry(const ChainFacts& chain, const PathFacts* path);

/// A DiffInput with what all steps derive from it, once.
struct Situation {
  explicit Situation(const DiffInput& diff_input);

  const DiffInput& input;
  const ResourceRecord* prior;  ///< null too where the record is about another trunk
  Observation observed;
  std::optional<Instant> expiry;  ///< effective, of what is observed
  bool due = false;               ///< or worse
  bool critical = false;          ///< or worse
  bool expired = false;

  /// By this run's `-replace`, or by an earlier one's. Gates that `-replace` opens are opened by this run's alone: what
  /// is offered by now nobody may have seen.
  bool is_to_be_replaced() const { return input.overrides.replace || input.asked_before != nullptr; }
  const Binding& binding() const { return input.binding; }
  const Offer& offer() const { return input.offer; }
  bool offers_certificate() const { return offer().kind == Offer::Kind::certificate && offer().chain != nullptr; }
  /// And its key, as far as anybody can tell without reading it.
  bool offers_pair() const { return offers_certificate() && !offer().no_key; }
  bool nothing_live() const { return observed.kind == Sighting::Kind::none; }
  bool has_live() const { return observed.kind == Sighting::Kind::certificate; }
  /// Something other than what state recorded is on the trunk. False without a record or without a look.
  bool drifted() const;
  /// Another locator or pinned version than state recorded.
  bool source_changed() const;
  /// Live is an earlier certificate of our own history: somebody rolled back.
  bool reverted() const;
  /// A rollback was decided, and cut short before it was bound: the next apply does it first.
  bool rollback_is_due() const;
  /// What is offered is another certificate, and it begins before live does: the source went back.
  bool offer_was_issued_before_live() const;
};

/// Live alone may look better than it is: where the port is seen to serve another certificate, the worse of the two.
Health health_of(const Situation& situation);
/// Of what a run has just bound, by its effective expiry. Whether anybody saw it there.
enum class Seen { no, yes };
Health health_once_bound(const ChainFacts& chain, Instant expiry, const RotatePolicy& rotate, Seen seen, Instant now);
Relation relation_of(const Situation& situation);
Cause cause_of(const Situation& situation, Relation relation);

/// What the cause asks for, before any gate: `create` and `update` write, `adopt` touches the state alone.
Action action_of(const Situation& situation, Relation relation, Cause cause);

/// Every gate that holds, in the order in which they are told. What concerns the binding itself (which trunk, whose)
/// stands in the way of everything, also of a no-op; the rest only of writes.
std::vector<Gate> gates_of(const Situation& situation, Relation relation, Action action);

/// The first of them, with its words; {none, nullopt} where nothing stands in the way.
std::pair<Gate, std::optional<Error>> gate_of(const Situation& situation, Relation relation, Action action);

/// Of the trunk: recorded, or meant by a rollback that was interrupted; null where there is none.
const Quarantine* quarantine_of(const Situation& situation);

/// `replace_compromised` is set and the key of what is live is not the one that is offered: nothing waits any longer.
bool leaves_a_compromised_key(const Situation& situation);

/// The offered chain failed on this trunk before, and nobody asked for -retry.
bool is_quarantined(const Situation& situation);

/// A write after which rollback has no unexpired, recorded and stored certificate to go to.
bool no_way_back(const Situation& situation);
/// From what is recorded as bound to an earlier certificate: `trunkform rollback` has somewhere to go.
bool can_roll_back(const Situation& situation);

}  // namespace trunkform::diff
