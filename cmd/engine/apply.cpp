#include "cmd/engine/apply.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "cmd/engine/assembly.hpp"
#include "cmd/engine/commit.hpp"
#include "cmd/engine/deferrals.hpp"
#include "cmd/engine/earlier_failures.hpp"
#include "cmd/engine/records.hpp"
#include "cmd/engine/replacements.hpp"
#include "schemas/model/shell_word.hpp"
#include "state/document/ownership.hpp"

namespace trunkform::engine {
namespace {

using rollout::Phase;

class Applying {
 public:
  Applying(const Context& context, Hands hands, StateStore& store, const ApplyInputs& inputs)
      : m_context(context), m_hands(hands), m_store(store), m_inputs(inputs) {}

  Result<ApplySummary> run() {
    const auto planned =
        static_cast<std::size_t>(std::count_if(m_inputs.plan.changes.begin(), m_inputs.plan.changes.end(),
                                               [](const auto& change) { return change.writes(); }));
    m_hands.log.fold_onto(m_inputs.state ? m_inputs.state->document : StateDocument{});
    std::vector<EventBody> started{RunStarted{"apply", planned, m_inputs.reason}};
    for (auto& body : replacements_asked(m_inputs.plan, m_inputs.state, m_inputs.origin))
      started.push_back(std::move(body));
    if (m_inputs.origin == PlanOrigin::this_run)
      for (auto& body : replacements_over(m_inputs.plan, m_inputs.state)) started.push_back(std::move(body));
    TRY(m_hands.log.append(std::move(started)));
    issue();
    if (choose_writes()) {
      check_keys();
      if (apply_to_state_alone()) roll_out();
    }
    return finish();
  }

 private:
  const Context& m_context;
  Hands m_hands;
  StateStore& m_store;
  const ApplyInputs& m_inputs;
  ApplySummary m_summary;
  Writes m_writes;
  std::set<Address> m_forgets;
  std::multimap<TrunkId, Address> m_owners;
  std::map<TrunkId, std::string> m_owned_elsewhere;
  std::optional<Result<std::vector<LiveTrunk>>> m_live;

  void issue() {
    if (m_inputs.issuing == nullptr) return;
    Context context = m_context;
    context.deadline = m_inputs.drive.deadline;
    context.stop = m_inputs.drive.stop;
    m_summary.issuing = issue_all(context, *m_inputs.issuing, m_inputs.plan, m_inputs.state);
    for (const auto& leftover : m_inputs.leftovers) {
      auto cleared = clear_away(m_context, *m_inputs.issuing, leftover);
      if (!cleared)
        m_summary.issuing.errors.push_back(std::move(cleared.error()).of(leftover.record->address));
      else if (*cleared)
        m_summary.issuing.warnings.push_back(std::move(**cleared));
    }
    for (const auto& error : m_summary.issuing.errors) m_summary.errors.push_back(error);
    if (m_inputs.not_issued && !m_summary.issuing.errors.empty()) m_inputs.not_issued(m_summary.issuing.errors);
    // What the issuing keeps from being written is told here: before it was no error of the plan.
    for (const auto& change : m_inputs.plan.changes)
      if (change.gate != Gate::none && change.relation == Relation::pending && change.error)
        m_summary.errors.push_back(*change.error);
  }

  /// Whether a trunk's outcome says already that the lock is lost.
  bool tells_of_lost_lock() const {
    return std::any_of(m_summary.outcomes.begin(), m_summary.outcomes.end(), [](const AddressOutcome& outcome) {
      return outcome.result.error && outcome.result.error->code == ErrorCode::fenced;
    });
  }

  bool write(std::vector<EventBody> bodies) {
    if (bodies.empty()) return true;
    auto written = m_hands.log.append(std::move(bodies));
    if (!written && !tells_of_lost_lock()) m_summary.errors.push_back(std::move(written.error()));
    return written.has_value();
  }

  void leave_alone(const PlannedChange& change, Error error) {
    AddressOutcome outcome{change.address, Phase::stale, false, {}};
    outcome.result.message = to_line(error);
    outcome.result.error = std::move(error).of(to_string(change.address));
    m_summary.outcomes.push_back(std::move(outcome));
    ++m_summary.stale;
  }

  /// What the state learned after the plan was reviewed and that forbids the write.
  std::optional<Error> objection(const PlannedChange& change) const {
    const auto* prior = prior_of(m_inputs.state, change);
    if (prior != nullptr && prior->quarantine && !m_inputs.retry && change.after != nullptr &&
        prior->quarantine->identity == change.after->identity && prior->quarantine->since >= m_inputs.plan.created)
      return Error(ErrorCode::conflict, "quarantined: this certificate failed on this trunk after the plan was made",
                   prior->quarantine->reason)
          .hint("bind it all the same: trunkform apply -retry, with this plan or a new one");
    if (const auto owner = m_owned_elsewhere.find(*change.trunk_id); owner != m_owned_elsewhere.end())
      return state::owned_by_workspace(*change.trunk_id, owner->second);
    const auto [first, last] = m_owners.equal_range(*change.trunk_id);
    for (auto owner = first; owner != last; ++owner) {
      const auto& address = owner->second;
      if (address == change.address || m_forgets.contains(address)) continue;
      return Error(ErrorCode::conflict, fmt::format("bound_twice: {} has this trunk", to_string(address)),
                   "two records of one trunk would undo each other's work")
          .hint(fmt::format("if the block was renamed: trunkform state mv {} {}", shell_quoted(address),
                            shell_quoted(change.address)));
    }
    return std::nullopt;
  }

  /// A plan from a file may want what has failed on the trunk since: that is to be rolled back, not found there
  /// already.
  bool goes_back_instead(const PlannedChange& change) const {
    const auto due = m_inputs.rollbacks_due.find(change.address);
    const auto* prior = prior_of(m_inputs.state, change);
    return due != m_inputs.rollbacks_due.end() && goes_back(due->second, *change.binding) && prior != nullptr &&
           change.after != nullptr && prior->chain->identity == change.after->identity;
  }

  /// Before anything is written about a trunk: another state may be about to bind it in this moment.
  bool claim_trunks(const Deferrals& deferrals) {
    if (m_hands.ownership == nullptr) return true;
    std::vector<TrunkKey> trunks;
    for (const auto& change : m_inputs.plan.changes)
      if (change.gate == Gate::none && (change.writes() || change.action == Action::adopt) && !deferrals.until(change))
        trunks.push_back({m_inputs.plan.organisation.id, *change.trunk_id});
    // What is recorded is claimed already, unless the file of claims was lost since.
    if (m_inputs.state && m_inputs.state->document.organisation &&
        m_inputs.state->document.organisation->id == m_inputs.plan.organisation.id)
      for (const auto& [address, record] : m_inputs.state->document.resources)
        trunks.push_back({m_inputs.plan.organisation.id, record.trunk_id});
    auto refused = m_hands.ownership->claim(m_context, m_inputs.fence, trunks);
    if (!refused) {
      m_summary.errors.push_back(std::move(refused.error()));
      return false;
    }
    for (auto& claim : *refused) m_owned_elsewhere.emplace(std::move(claim.key.trunk), std::move(claim.owner));
    return true;
  }

  /// What may be written now; the rest waits for its `not_before`.
  bool choose_writes() {
    std::vector<EventBody> deferred;
    const Deferrals deferrals(m_inputs.plan, m_inputs.wait, m_hands.clock.now());
    if (!claim_trunks(deferrals)) return false;
    if (m_inputs.state) m_owners = state::owners_by_trunk(m_inputs.state->document);
    for (const auto& change : m_inputs.plan.changes)
      if (change.action == Action::forget && change.gate == Gate::none) m_forgets.insert(change.address);
    for (const auto& change : m_inputs.plan.changes) {
      if (change.gate != Gate::none) ++m_summary.excluded;
      if (!change.writes() || goes_back_instead(change)) continue;
      if (const auto until = deferrals.until(change)) {
        deferred.emplace_back(Deferred{change.address, *until});
        ++m_summary.deferred;
        continue;
      }
      if (auto error = objection(change)) {
        leave_alone(change, std::move(*error));
        continue;
      }
      m_writes.all.push_back(&change);
      m_hands.keys.expect(change);
    }
    return write(std::move(deferred));
  }

  /// Every key of the run is fetched and judged before the first PATCH; one that fails excludes its address alone.
  void check_keys() {
    std::erase_if(m_writes.all, [&](const PlannedChange* change) {
      auto pair = m_hands.keys.pair_for(m_context, *change);
      if (pair) return false;
      auto error = std::move(pair.error());
      if (error.address.empty()) error.address = to_string(change->address);
      m_summary.errors.push_back(std::move(error));
      ++m_summary.excluded;
      m_hands.keys.done_with(*change);
      return true;
    });
    for (const auto* change : m_writes.all) m_writes.by_address.emplace(change->address, change);
  }

  bool apply_to_state_alone() {
    std::vector<EventBody> bodies;
    const auto now = m_hands.clock.now();
    for (const auto& change : m_inputs.plan.changes) {
      if (change.gate != Gate::none) continue;
      if (change.action == Action::adopt) {
        const auto* prior = prior_of(m_inputs.state, change);
        if (!may_adopt(change, prior)) continue;
        bodies.emplace_back(Adopted{without_history(record_after_adopt(change, prior, now)), false});
        ++m_summary.adopted;
      } else if (change.action == Action::forget && is_protected_by_now(change)) {
        leave_alone(change, Error(ErrorCode::conflict, "prevent_destroy: it is protected since the plan was made")
                                .hint("take prevent_destroy away, apply that, and review a new plan: trunkform plan"));
      } else if (change.action == Action::forget && recorded(m_inputs.state, change.address) != nullptr) {
        bodies.emplace_back(Forgotten{change.address, std::string(to_string(change.cause))});
        ++m_summary.forgotten;
      } else if (state_is_as_planned()) {
        if (auto record = upkeep_of(m_inputs.state, change)) {
          bodies.emplace_back(Adopted{without_history(std::move(*record)), false});
          ++m_summary.refreshed;
        }
      }
    }
    return write(std::move(bodies));
  }

  /// What a plan from a file says about bindings that need nothing, and about outputs, may be older than what the state
  /// has learnt since.
  bool state_is_as_planned() const {
    if (m_inputs.origin == PlanOrigin::this_run) return true;
    const auto token = m_inputs.state ? std::optional(m_inputs.state->token) : std::nullopt;
    return token == m_inputs.plan.state;
  }

  bool is_protected_by_now(const PlannedChange& change) const {
    const auto* record = recorded(m_inputs.state, change.address);
    return m_inputs.origin == PlanOrigin::file && record != nullptr && record->prevent_destroy;
  }

  /// Whether the state does not know yet what the plan has it learn: the certificate, its source, or that nothing is
  /// under way there any more.
  bool has_to_learn(const PlannedChange& change, const ResourceRecord& prior) const {
    if (prior.chain->identity != change.before->identity) return true;
    if (m_inputs.state && m_inputs.state->document.open_intents.contains(change.address)) return true;
    const bool offers_it = change.after == nullptr || change.after->identity == change.before->identity;
    return offers_it && with_new_source(prior, change).has_value();
  }

  /// A reviewed plan may be older than what is on the trunk, or have been applied in part already.
  bool may_adopt(const PlannedChange& change, const ResourceRecord* prior) {
    if (m_inputs.origin == PlanOrigin::this_run) {
      if (auto error = objection(change)) return leave_alone(change, std::move(*error)), false;
      return true;
    }
    if (prior != nullptr && !has_to_learn(change, *prior)) return false;
    if (auto error = objection(change)) return leave_alone(change, std::move(*error)), false;
    if (!m_live) m_live = m_hands.api.list(m_context, {});
    if (!*m_live) return leave_alone(change, m_live->error()), false;
    const auto found = std::find_if((*m_live)->begin(), (*m_live)->end(),
                                    [&](const LiveTrunk& trunk) { return trunk.id == *change.trunk_id; });
    if (found == (*m_live)->end())
      return leave_alone(change,
                         Error(ErrorCode::not_found, "trunk_missing: the trunk is gone since the plan was made")),
             false;
    const bool same =
        found->certificate.is_certificate() && found->certificate.chain->identity == change.before->identity;
    // Where the API shows nothing, the plan's evidence was the wire: nothing is written, so it may stand.
    if (same || (found->certificate.kind == Sighting::Kind::unknown && change.evidence == Evidence::wire)) return true;
    leave_alone(change,
                Error(ErrorCode::conflict, "stale_live: the trunk has another certificate than when the plan was made")
                    .hint("nothing was recorded; review what happened: trunkform plan"));
    return false;
  }

  void roll_out() {
    const auto paced = m_hands.pacing == nullptr ? Paced::no : Paced::yes;
    hold_back_what_failed();
    // What will not be written keeps nobody from being taken back.
    const bool stops = stop_after_failures_before();
    if (run_machine(assemble_rollbacks(m_inputs, m_writes, paced)) == Ran::stopped_by_itself)
      return stop_before_all(m_summary.stop_reason);
    if (stops || stop_after_failures_before()) return;
    run_machine(assemble_waves(m_inputs, m_writes, paced, m_hands.clock.now()));
  }

  bool stop_after_failures_before() {
    if (m_inputs.retry || m_writes.all.empty()) return false;
    auto reason = stopped_by_earlier_run(m_inputs, m_summary.outcomes);
    if (!reason) return false;
    stop_before_all(std::move(*reason));
    return true;
  }

  void stop_before_all(std::string reason) {
    stop_before(m_writes.all.size(), std::move(reason));
    for (const auto* change : m_writes.all) m_hands.keys.done_with(*change);
    m_writes = {};
  }

  void stop_before(std::size_t count, std::string reason) {
    m_summary.not_started += count;
    m_summary.stopped = true;
    m_summary.stop_reason = std::move(reason);
  }

  void hold_back_what_failed() {
    if (m_inputs.retry || !m_inputs.state) return;
    const auto failed = failed_chains(m_inputs);
    const auto now = m_hands.clock.now();
    std::erase_if(m_writes.all, [&](const PlannedChange* change) {
      const auto others = failed.holds(*change, now);
      if (others == 0) return false;
      stop_before(1, held_back(failed, *change, others));
      m_hands.keys.done_with(*change);
      m_writes.by_address.erase(change->address);
      return true;
    });
  }

  enum class Ran { to_its_end, stopped_by_itself };

  /// A stop from outside, and the end of the time, are for the next machine to see itself.
  Ran run_machine(Assembly all) {
    if (all.tasks.empty()) return Ran::to_its_end;
    rollout::Rollout machine(std::move(all.tasks), std::move(all.waves));
    StepRunner runner(m_hands, std::move(all.work), m_inputs.plan.organisation.id, m_inputs.drive.lock_lost);
    drive(machine, runner, m_hands.clock, m_inputs.drive);
    sum_up(machine, runner);
    const bool from_outside = m_inputs.drive.stop.stop_requested() || m_inputs.drive.abandon.stop_requested();
    return machine.stopped() && !machine.ended_early() && !from_outside ? Ran::stopped_by_itself : Ran::to_its_end;
  }

  void sum_up(const rollout::Rollout& machine, const StepRunner& runner) {
    m_summary.stopped = m_summary.stopped || (machine.stopped() && !machine.ended_early());
    if (machine.stopped()) m_summary.stop_reason = machine.stop_reason();
    m_summary.lock_lost = m_inputs.drive.lock_lost.stop_requested();
    std::vector<EventBody> deferred;
    for (rollout::TrunkIndex i = 0; i < machine.tasks().size(); ++i) {
      const auto& address = machine.tasks()[i].address;
      const auto write = m_writes.by_address.find(address);
      const auto planned =
          write == m_writes.by_address.end() ? std::optional<Action>() : std::optional(write->second->action);
      if (machine.phase(i) == Phase::deferred && planned)
        deferred.emplace_back(Deferred{address, machine.tasks()[i].opens(m_hands.clock.now())});
      if (machine.tasks()[i].rollback_due && machine.phase(i) == Phase::waiting)
        m_summary.errors.push_back(
            Error(ErrorCode::cancelled, "it is still to be rolled back: this run ended before its turn")
                .of(to_string(address))
                .hint("what is bound there failed, or somebody took it off; go on with it: trunkform apply"));
      AddressOutcome outcome{address, machine.phase(i), machine.inconclusive(i), runner.result(i)};
      if (const auto canary = machine.failed_canary(i)) outcome.failed_canary = machine.tasks()[*canary].address;
      m_summary.add(std::move(outcome), planned, machine.ended_early());
    }
    write(std::move(deferred));
  }

  std::map<std::string, OutputRecord> outputs() const {
    std::map<std::string, OutputRecord> records;
    for (const auto& output : m_inputs.plan.outputs)
      if (output.action != Action::remove) records[output.name] = {output.json, output.type, output.sensitive};
    return records;
  }

  Result<ApplySummary> finish() {
    // Without a log there is nothing to fold: the next run reads what is durable and goes on from there.
    if (!write({RunFinished{m_summary.created + m_summary.updated,
                            m_summary.failed + m_summary.rolled_back + m_summary.issuing.failed, m_summary.deferred,
                            m_summary.stopped}}))
      return std::move(m_summary);
    auto token =
        commit_events({m_store, m_hands.ownership}, m_inputs.fence, m_inputs.state, m_inputs.lineage, m_hands.log,
                      m_inputs.plan.organisation, state_is_as_planned() ? std::optional(outputs()) : std::nullopt);
    if (token)
      m_summary.state = *token;
    else {
      auto error = Error(ErrorCode::io, "the state document could not be written",
                         "nothing is lost: the event log has every step, and the next run folds it in");
      error.causes.push_back(std::move(token.error()));
      error.hints.emplace_back("mend the cause, then run: trunkform apply");
      m_summary.errors.push_back(std::move(error));
    }
    return std::move(m_summary);
  }
};

}  // namespace

Result<ApplySummary> apply_plan(const Context& context, Hands hands, StateStore& store, const ApplyInputs& inputs) {
  return Applying(context, hands, store, inputs).run();
}

bool has_upkeep(const Plan& plan, const std::optional<Snapshot>& state) {
  return std::any_of(plan.changes.begin(), plan.changes.end(), [&](const PlannedChange& change) {
    return change.gate == Gate::none && upkeep_of(state, change);
  });
}

}  // namespace trunkform::engine
