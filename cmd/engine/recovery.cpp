#include "cmd/engine/recovery.hpp"

#include <fmt/format.h>

#include "cmd/engine/side_by_side.hpp"
#include "planner/diff/explain.hpp"
#include "planner/diff/organisation.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::engine {
namespace {

struct Scene {
  const Context& context;
  TrunkApi& api;
  const Wire& wire;
};

Sighting look(const Scene& scene, const LiveTrunk& trunk, const VerifyPolicy& policy) {
  if (trunk.certificate.kind != Sighting::Kind::unknown) return trunk.certificate;
  if (policy.tls) return sight_on_wire(scene.context, scene.wire.tls, *policy.tls);
  return Sighting::unclear(
      fmt::format("the API does not show it ({}), and no verify.tls says where to look", trunk.certificate.why));
}

/// How an intent ends, and what is left to be done on its trunk.
struct Finding {
  Outcome outcome;
  std::optional<DueRollback> due = std::nullopt;
};

Outcome closed(const Intent& intent, OutcomeKind kind, std::string message) {
  Outcome outcome;
  outcome.address = intent.address;
  outcome.kind = kind;
  outcome.message = std::move(message);
  return outcome;
}

std::string evidence_of(const Verification& verification) {
  for (const auto* check : {&verification.served, &verification.accepted})
    if (check->verdict == CheckVerdict::fail) return check->evidence;
  return "it does not verify";
}

/// The PATCH did go through before the run ended: what was left undone is the verification.
Finding finish(const Scene& scene, const Intent& intent, const Binding& binding, const LiveTrunk& trunk) {
  auto outcome = intent.record.was_put_back()
                     ? closed(intent, OutcomeKind::rolled_back, "an interrupted run had gone back to it")
                     : closed(intent, OutcomeKind::committed, "an interrupted run had bound it; verified now");
  outcome.record = intent.record;
  const auto& sent = intent.record.chain->identity;
  // The wire may serve more than the API stores: only the API says how it gives a chain back.
  if (trunk.certificate.is_certificate() && trunk.certificate.chain->identity != sent)
    outcome.record->as_read = trunk.certificate.chain->identity;
  outcome.verification.accepted = check_accepted(scene.context, scene.api, scene.wire.clock, intent.trunk_id,
                                                 binding.verify, sent, intent.from, intent.status)
                                      .result;
  outcome.verification.served = check_served(scene.context, scene.wire, binding, {sent, outcome.record->as_read});
  if (outcome.verification.failed()) {
    if (!intent.record.was_put_back()) outcome.kind = OutcomeKind::failed;
    outcome.message += ", and it does not verify";
    if (outcome.kind == OutcomeKind::failed)
      outcome.record->failure = Failure{scene.wire.clock.now(), evidence_of(outcome.verification), intent.status};
  }
  Finding found{std::move(outcome)};
  if (found.outcome.kind == OutcomeKind::failed)
    found.due = DueRollback{DueRollback::Why::failed, found.outcome.message};
  return found;
}

/// What was decided and not done yet stays to be done: its intent is closed by whoever does it.
std::optional<DueRollback> due_still(const Intent& intent, const Binding& binding) {
  if (!intent.record.was_put_back()) return std::nullopt;
  const DueRollback due{DueRollback::Why::decided, intent.record.quarantine->reason, true};
  return goes_back(due, binding) ? std::optional(due) : std::nullopt;
}

/// Old before new: a chain repair changes the chain around one leaf, so a leaf alone does not tell.
Result<Finding> classify(const Scene& scene, const Intent& intent, const Binding& binding, const LiveTrunk& trunk,
                         const Sighting& sighting) {
  const auto& wanted = intent.record.chain->identity;
  if (sighting.kind == Sighting::Kind::none)
    return Finding{closed(intent, intent.from ? OutcomeKind::foreign : OutcomeKind::not_committed,
                          "no certificate is on the trunk")};
  const auto& live = sighting.chain->identity;
  if (live == wanted) return finish(scene, intent, binding, trunk);
  if (intent.from && live == *intent.from)
    return Finding{closed(intent, OutcomeKind::not_committed, "the interrupted run had not bound it yet"),
                   due_still(intent, binding)};
  if (live.leaf == wanted.leaf) return finish(scene, intent, binding, trunk);
  return Finding{
      closed(intent, OutcomeKind::foreign, fmt::format("somebody else bound {} meanwhile", to_short(live.leaf)))};
}

Result<Finding> resolve(const Scene& scene, const Intent& intent, const Binding& binding) {
  auto trunk = scene.api.get(scene.context, intent.trunk_id);
  if (!trunk && trunk.error().code == ErrorCode::not_found)
    return Finding{closed(intent, OutcomeKind::not_committed, "the trunk is gone")};
  if (!trunk) return std::move(trunk.error()).of(to_string(intent.address));
  const auto sighting = look(scene, *trunk, binding.verify);
  if (sighting.kind != Sighting::Kind::unknown) return classify(scene, intent, binding, *trunk, sighting);
  return Error(ErrorCode::outcome_unknown, "an interrupted run may have changed this trunk, and it cannot be seen",
               sighting.why)
      .of(to_string(intent.address))
      .hint("add \"verify\": {\"tls\": {\"address\": \"HOST:5061\"}} to the resource, then run: trunkform apply")
      .hint(fmt::format("or leave the trunk as it is and drop its record: trunkform forget {}",
                        shell_quoted(intent.address)));
}

/// In another organisation every trunk would seem to be gone.
Result<> check_organisation(const Scene& scene, const std::optional<Organisation>& pinned, const Address& address) {
  if (!pinned) return {};
  const auto now = TRY(scene.api.organisation(scene.context));
  if (!diff::is_organisation_of(*pinned, now)) return diff::explain_wrong_organisation(address, *pinned, now);
  return {};
}

/// None: something else is on the trunk, or nothing could be learnt; the plan tells.
std::optional<Outcome> judge_again(const Scene& scene, const ResourceRecord& record, const Binding& binding) {
  const auto trunk = scene.api.get(scene.context, record.trunk_id);
  if (!trunk) return std::nullopt;
  const auto sighting = look(scene, *trunk, binding.verify);
  const Expected expected{record.chain->identity, record.as_read};
  if (!sighting.is_certificate() || !expected.is(sighting.chain->identity)) return std::nullopt;
  Outcome outcome;
  outcome.address = record.address;
  const ReadBackPatience none{Duration::zero(), Duration::zero()};
  outcome.verification.accepted =
      check_accepted(scene.context, scene.api, scene.wire.clock, record.trunk_id, binding.verify,
                     record.chain->identity, std::nullopt, record.failure->status_before, none)
          .result;
  outcome.verification.served = look_once(scene.context, scene.wire, binding, expected);
  if (outcome.verification.failed()) {
    outcome.kind = OutcomeKind::failed;
    outcome.message = record.failure->reason;
    return outcome;
  }
  const auto unclear = [](const CheckResult& check) { return check.verdict == CheckVerdict::inconclusive; };
  if (unclear(outcome.verification.accepted) || unclear(outcome.verification.served)) return std::nullopt;
  outcome.kind = OutcomeKind::committed;
  outcome.message = "it had failed before, and verifies now";
  outcome.record = record;
  outcome.record->failure.reset();
  outcome.record->history.clear();
  return outcome;
}

}  // namespace

bool goes_back(const DueRollback& due, const Binding& binding) {
  return !binding.replace_compromised &&
         (due.why == DueRollback::Why::decided || binding.rollout->on_failure == OnFailure::rollback);
}

Result<std::vector<Resolved>> look_again(const Context& context, TrunkApi& api, const Wire& wire, RunLog& log,
                                         const std::optional<Organisation>& pinned,
                                         const std::vector<const ResourceRecord*>& failed,
                                         const std::vector<Binding>& bindings, std::size_t parallelism) {
  const Scene scene{context, api, wire};
  std::vector<Resolved> resolved;
  if (failed.empty()) return resolved;
  TRY(check_organisation(scene, pinned, failed.front()->address));
  const BindingsByAddress configured(bindings);
  std::vector<std::optional<Outcome>> seen(failed.size());
  side_by_side(parallelism, failed.size(), 1, [&](std::size_t i) {
    if (const auto* binding = configured.find(failed[i]->address)) seen[i] = judge_again(scene, *failed[i], *binding);
  });
  for (std::size_t i = 0; i < failed.size(); ++i) {
    auto& outcome = seen[i];
    if (!outcome) continue;
    Resolved one{failed[i]->address, outcome->kind, outcome->message, std::nullopt, false, std::nullopt};
    if (outcome->kind == OutcomeKind::failed)
      one.rollback_due = DueRollback{DueRollback::Why::failed, outcome->message};
    else
      TRY(log.append({std::move(*outcome)}));
    resolved.push_back(std::move(one));
  }
  return resolved;
}

Result<std::vector<Resolved>> resolve_intents(const Context& context, TrunkApi& api, const Wire& wire, RunLog& log,
                                              const std::optional<Organisation>& pinned,
                                              const std::map<Address, Intent>& intents,
                                              const std::vector<Binding>& bindings) {
  const Scene scene{context, api, wire};
  static const Binding k_no_longer_configured;
  std::vector<Resolved> resolved;
  if (intents.empty()) return resolved;
  TRY(check_organisation(scene, pinned, intents.begin()->first));
  const BindingsByAddress configured(bindings);
  for (const auto& [address, intent] : intents) {
    const auto* binding = configured.find(address);
    auto found = resolve(scene, intent, binding == nullptr ? k_no_longer_configured : *binding);
    if (!found) {
      resolved.push_back({address, OutcomeKind::foreign, {}, std::move(found.error()), false, std::nullopt});
      continue;
    }
    auto& [outcome, due] = *found;
    Resolved one{address, outcome.kind, outcome.message, std::nullopt, false, due};
    const auto& seen = outcome.verification;
    const bool is_ours = outcome.kind == OutcomeKind::committed || outcome.kind == OutcomeKind::rolled_back;
    one.unverified = is_ours && binding != nullptr && binding->rollout->unreachable == Unreachable::stop &&
                     seen.served.verdict == CheckVerdict::inconclusive;
    const bool stays_open = due && due->intent_is_open;
    if (stays_open) one.message = "it was about to be rolled back when a run ended: " + due->reason;
    resolved.push_back(std::move(one));
    if (!stays_open) TRY(log.append({std::move(outcome)}));
  }
  return resolved;
}

}  // namespace trunkform::engine
