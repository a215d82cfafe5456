#include "cmd/engine/step_runner.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cmd/engine/records.hpp"
#include "cmd/engine/step_trunk.hpp"

namespace trunkform::engine {

using rollout::Report;
using rollout::StepKind;

bool certainly_nothing_changed(ErrorCode code) {
  switch (code) {
    case ErrorCode::rejected:
    case ErrorCode::conflict:
    case ErrorCode::not_found:
    case ErrorCode::denied:
    case ErrorCode::untrusted:
    case ErrorCode::throttled:
    case ErrorCode::unavailable:
    case ErrorCode::invalid_input:
    case ErrorCode::unsupported:
      return true;
    default:
      return false;
  }
}

Error lock_lost_error() { return Error(ErrorCode::fenced, "the lock was lost; nothing more is written"); }

namespace {

/// By how much a place may be shorter than it should be before that is worth a write.
constexpr Duration k_unnoticed = std::chrono::seconds(30);

}  // namespace

Duration hold_of(const Binding& binding, const TrunkApi& api) {
  // No step makes more calls than two that may take that long: a PATCH, and a look at what became of it.
  constexpr int k_most_calls = 2;
  const auto& verify = *binding.verify;
  return binding.rollout->stagger + k_most_calls * api.longest_call() + ReadBackPatience{}.within +
         (verify.tls ? verify.tls->within : Duration{}) + (verify.call ? verify.call->timeout : Duration{});
}

StepRunner::StepRunner(Hands hands, std::vector<TrunkWork> work, std::string organisation, std::stop_token lock_lost)
    : m_hands(hands), m_organisation(std::move(organisation)), m_lock_lost(std::move(lock_lost)) {
  for (auto& one : work) {
    auto trunk = std::make_unique<Trunk>();
    trunk->change = one.change;
    trunk->prior = one.prior;
    trunk->peer = one.peer;
    trunk->settles = one.settles;
    if (one.due) {
      trunk->record = *one.prior;
      trunk->committed = true;
      trunk->failure = one.prior->failure;
      trunk->status_before = one.prior->failure ? one.prior->failure->status_before : one.change->trunk_status;
      trunk->intends_to_leave = one.due->intent_is_open;
      trunk->due = std::move(one.due);
    }
    m_trunks.push_back(std::move(trunk));
  }
}

StepRunner::~StepRunner() = default;

void StepRunner::end() {
  for (const auto& trunk : m_trunks)
    if (!trunk->has_begun) leave_place(*trunk, Duration::zero());
}

const TrunkResult& StepRunner::result(rollout::TrunkIndex trunk) const { return m_trunks[trunk]->result; }

StepRunner::Done StepRunner::run(const Context& context, const rollout::Step& step) {
  auto& trunk = *m_trunks[step.trunk];
  if (step.kind == StepKind::reserve) return reserve(context, trunk);
  trunk.has_begun = true;
  keep_place(context, trunk);
  const auto report = do_step(context, trunk, step.kind);
  // The stagger runs from the end of a trunk that was changed, to whoever is next on its carrier.
  const bool ends = step.kind == StepKind::conclude || step.kind == StepKind::roll_back ||
                    (report != Report::pass && (step.kind == StepKind::check || step.kind == StepKind::intend)) ||
                    report == Report::uncertain;
  // Whose certificate is there now, ours was perhaps there for a moment: a carrier sees each change, whoever made it.
  const bool changed = trunk.committed || report == Report::uncertain || trunk.foreign;
  if (ends) leave_place(trunk, changed ? trunk.change->binding->rollout->stagger : Duration::zero());
  return {report};
}

Report StepRunner::do_step(const Context& context, Trunk& trunk, StepKind kind) {
  switch (kind) {
    case StepKind::check:
      return check(context, trunk);
    case StepKind::intend:
      return intend(context, trunk);
    case StepKind::patch:
      return patch(context, trunk);
    case StepKind::read_back:
      return read_back(context, trunk);
    case StepKind::probe:
      return probe(context, trunk);
    case StepKind::conclude:
      return conclude(trunk);
    case StepKind::settle:
      return settle(context, trunk);
    case StepKind::roll_back:
      return roll_back(context, trunk);
    case StepKind::reserve:
      break;  // of the carrier's, and run() does it
  }
  return Report::pass;
}

StepRunner::Done StepRunner::reserve(const Context& context, Trunk& trunk) {
  const auto& binding = *trunk.change->binding;
  auto place = m_hands.pacing->take(context, {m_organisation, binding.carrier->label},
                                    static_cast<std::size_t>(std::max(1, binding.carrier->max_parallel)),
                                    hold_of(binding, m_hands.api), binding.rollout->stagger);
  if (!place) return {trunk.fail_with(std::move(place.error()))};
  if (!place->taken()) return {Report::pass, PaceWait{place->until, std::move(place->held_by)}};
  trunk.place = std::move(*place);
  return {};
}

/// What was slow so far must not cost the step to come its place. Where that cannot be written the place ends by
/// itself, and the next durable write tells of it.
void StepRunner::keep_place(const Context& context, Trunk& trunk) const {
  if (!trunk.place.taken()) return;
  const auto hold = hold_of(*trunk.change->binding, m_hands.api);
  // A trunk in a service that is quick costs no write for it.
  const auto now = m_hands.clock.now();
  if (trunk.place.until < now + hold - k_unnoticed) (void)m_hands.pacing->keep(context, trunk.place, hold);
}

/// Where that cannot be written the place ends by itself.
void StepRunner::leave_place(Trunk& trunk, Duration rest) const {
  if (trunk.place.taken()) (void)m_hands.pacing->leave(Context{}, std::exchange(trunk.place, {}), rest);
}

Report StepRunner::intend(const Context& context, Trunk& trunk) {
  const auto refuse = [&](Error error) {
    trunk.pair.reset();
    m_hands.keys.done_with(*trunk.change);
    return trunk.fail_with(std::move(error));
  };
  if (m_lock_lost.stop_requested()) return refuse(lock_lost_error());
  if (context.stop.stop_requested()) return refuse(Error(ErrorCode::cancelled, "stopped before anything was changed"));
  trunk.record = record_after_bind(*trunk.change, trunk.prior, m_hands.log.plan(), m_hands.clock.now());
  Intent intent{trunk.change->address, *trunk.change->trunk_id, trunk.live, without_history(trunk.record),
                trunk.status_before};
  if (auto written = m_hands.log.append({std::move(intent)}); !written) return refuse(std::move(written.error()));
  return Report::pass;
}

Report StepRunner::patch(const Context& context, Trunk& trunk) {
  auto receipt = m_hands.api.bind(context, *trunk.change->trunk_id, *trunk.pair, trunk.live);
  trunk.pair.reset();
  m_hands.keys.done_with(*trunk.change);
  if (!receipt) {
    // Somebody else was faster: that concerns this trunk, and says nothing against the certificate.
    trunk.foreign = receipt.error().code == ErrorCode::conflict;
    if (trunk.foreign) return trunk.fail_with(std::move(receipt.error()), Report::stale);
    const bool nothing = certainly_nothing_changed(receipt.error().code);
    return trunk.fail_with(std::move(receipt.error()), nothing ? Report::fail : Report::uncertain);
  }
  trunk.committed = true;
  trunk.saw(m_hands.clock.now(), Patched{trunk.change->address, receipt->read_back, receipt->correlation_id});
  return Report::pass;
}

Report StepRunner::read_back(const Context& context, Trunk& trunk) {
  const auto accepted = check_accepted(context, m_hands.api, m_hands.clock, *trunk.change->trunk_id, trunk.verify(),
                                       trunk.record.chain->identity, trunk.live, trunk.status_before);
  trunk.result.verification.accepted = accepted.result;
  trunk.saw(m_hands.clock.now(), ReadBack{trunk.change->address, accepted.live, accepted.status});
  if (accepted.live && accepted.live->leaf == trunk.record.chain->identity.leaf &&
      *accepted.live != trunk.record.chain->identity)
    trunk.record.as_read = accepted.live;
  if (trunk.record.as_read)
    trunk.result.message =
        fmt::format("the service gives the chain back in another shape ({}); it is compared with that from now on",
                    to_short(trunk.record.as_read->chain));
  if (accepted.result.verdict == CheckVerdict::pass) return Report::pass;
  if (accepted.result.verdict == CheckVerdict::inconclusive) return Report::inconclusive;
  trunk.foreign = accepted.foreign;
  Error error(ErrorCode::rejected, accepted.result.evidence);
  if (accepted.foreign) return trunk.fail_with(std::move(error), Report::foreign);
  return trunk.is_wrong(m_hands.clock.now(), std::move(error));
}

Report StepRunner::probe(const Context& context, Trunk& trunk) {
  trunk.result.verification.served = check_served(context, m_hands.wire(), *trunk.change->binding, trunk.expected());
  const auto& served = trunk.result.verification.served;
  if (served.verdict == CheckVerdict::pass) return Report::pass;
  if (served.verdict == CheckVerdict::inconclusive)
    return context.stop.stop_requested() ? leave_open(trunk, served) : Report::inconclusive;
  return failed_on_wire(context, trunk, Error(ErrorCode::rejected, "the check on the wire failed", served.evidence));
}

/// That says something of our certificate only while it is the one on the trunk.
Report StepRunner::failed_on_wire(const Context& context, Trunk& trunk, Error error) {
  auto ours = see_ours(context, trunk);
  if (!trunk.foreign) return trunk.is_wrong(m_hands.clock.now(), std::move(error));
  return trunk.fail_with(std::move(ours.error()).because(std::move(error)).hint("review what happened: trunkform plan"),
                         Report::foreign);
}

/// Told to stop at once while it looked: what was seen so far is durable, and its intent open, for the next run to
/// finish.
Report StepRunner::leave_open(Trunk& trunk, const CheckResult& so_far) {
  auto error = Error(ErrorCode::cancelled, "bound, and stopped before it was verified", so_far.evidence)
                   .hint("the next run looks, and finishes it: trunkform apply");
  if (auto written = m_hands.log.append_seen(std::exchange(trunk.seen, {})); !written)
    error.causes.push_back(std::move(written.error()));
  return trunk.fail_with(std::move(error), Report::uncertain);
}

Report StepRunner::conclude(Trunk& trunk) {
  Outcome outcome;
  outcome.address = trunk.change->address;
  outcome.verification = trunk.result.verification;
  outcome.message = trunk.result.message;
  if (trunk.result.error) {
    const auto& binding = *trunk.change->binding;
    if (trunk.failure && trunk.prior == nullptr && binding.rollout->on_failure == OnFailure::rollback)
      trunk.result.error->hints.emplace_back(
          "it is not rolled back, for nothing is recorded that this trunk had before; offer a certificate that holds, "
          "then run: trunkform apply");
    outcome.message = to_line(*trunk.result.error);
    outcome.kind = trunk.foreign   ? OutcomeKind::foreign
                   : trunk.failure ? OutcomeKind::failed
                                   : OutcomeKind::not_committed;
  }
  trunk.record.failure = trunk.failure;
  // What was committed is what the state must say, verified or not; a foreign certificate is not ours to record.
  if (trunk.committed && outcome.kind != OutcomeKind::foreign && outcome.kind != OutcomeKind::not_committed)
    outcome.record = without_history(trunk.record);
  const auto& seen = trunk.result.verification;
  const bool is_told = seen.settled.verdict != CheckVerdict::not_configured;
  if (seen.served.verdict != CheckVerdict::not_configured && !is_told && !trunk.foreign)
    trunk.saw(m_hands.clock.now(), Probed{trunk.change->address, trunk.result.verification});
  trunk.saw(m_hands.clock.now(), std::move(outcome));
  if (auto written = m_hands.log.append_seen(std::exchange(trunk.seen, {})); !written)
    return trunk.fail_with(std::move(written.error()));
  if (trunk.result.message.empty()) trunk.result.message = "verified";
  return Report::pass;
}

/// By the service first, whose word is what the trunk is for calls; then behind the port. Without a soak it has just
/// said.
CheckResult StepRunner::look_at_soak_end(const Context& context, Trunk& trunk) {
  const auto& identity = trunk.record.chain->identity;
  if (trunk.verify().status && trunk.change->binding->rollout->soak > Duration::zero()) {
    // What was there before is somebody's own way back by now, and no late answer.
    const auto accepted = check_accepted(context, m_hands.api, m_hands.clock, *trunk.change->trunk_id, trunk.verify(),
                                         identity, std::nullopt, trunk.status_before);
    if (accepted.foreign) {
      trunk.foreign = true;
      return {CheckVerdict::fail, "somebody else bound another certificate meanwhile: " + accepted.result.evidence};
    }
    if (accepted.result.verdict == CheckVerdict::fail) return accepted.result;
  }
  return check_served(context, m_hands.wire(), *trunk.change->binding, trunk.expected());
}

Report StepRunner::settle(const Context& context, Trunk& trunk) {
  auto& settled = trunk.result.verification.settled;
  settled = look_at_soak_end(context, trunk);
  if (trunk.foreign)
    return trunk.fail_with(Error(ErrorCode::conflict, settled.evidence).hint("review what happened: trunkform plan"),
                           Report::foreign);
  // A look that was cut short is none: the soak stays open.
  if (settled.verdict == CheckVerdict::inconclusive && context.stop.stop_requested())
    return trunk.fail_with(Error(ErrorCode::cancelled, "stopped before the end of its soak was seen", settled.evidence)
                               .hint("the next run looks: trunkform apply"),
                           Report::uncertain);
  if (settled.verdict == CheckVerdict::fail) {
    const auto judged = failed_on_wire(
        context, trunk, Error(ErrorCode::rejected, "at the end of the soak the check failed", settled.evidence));
    // Durable with what is done about it, and not before: until then the soak is open, and the next run looks again.
    if (judged == Report::fail)
      trunk.saw(m_hands.clock.now(), Probed{trunk.change->address, trunk.result.verification});
    return judged;
  }
  if (auto written = m_hands.log.append({Probed{trunk.change->address, trunk.result.verification}}); !written)
    return trunk.fail_with(written.error());
  return settled.verdict == CheckVerdict::pass ? Report::pass : Report::inconclusive;
}

}  // namespace trunkform::engine
