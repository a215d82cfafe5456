#include "cmd/engine/step_runner.hpp"

#include <fmt/format.h>

#include "cmd/engine/records.hpp"
#include "state/document/history.hpp"

namespace trunkform::engine {

using rollout::Report;
using rollout::StepKind;

struct StepRunner::Trunk {
  const PlannedChange* change = nullptr;
  const ResourceRecord* prior = nullptr;
  std::optional<Identity> live;            ///< as the check saw it
  std::string status_before;
  std::shared_ptr<const KeyPair> pair;
  ResourceRecord record;                   ///< what the state will hold
  bool committed = false;
  bool foreign = false;
  std::vector<EventBody> seen;             ///< since the intent, not durable yet
  TrunkResult result;

  const VerifyPolicy& verify() const { return change->binding->verify; }
  Expected expected() const { return {record.chain->identity, record.as_read}; }
  Report fail_with(Error error, Report report = Report::fail) {
    if (error.address.empty()) error.address = to_string(change->address);
    result.message = to_line(error);
    result.error = std::move(error);
    return report;
  }
};

namespace {

/// As an event holds it: the history follows from what the state had (state/document/fold), and lines stay short.
ResourceRecord without_history(ResourceRecord record) {
  record.history.clear();
  return record;
}

}  // namespace

StepRunner::StepRunner(Hands hands, std::vector<const PlannedChange*> changes,
                       std::vector<const ResourceRecord*> priors, std::stop_token lock_lost)
    : m_hands(hands), m_lock_lost(std::move(lock_lost)) {
  for (std::size_t i = 0; i < changes.size(); ++i) {
    m_trunks.push_back(std::make_unique<Trunk>());
    m_trunks.back()->change = changes[i];
    m_trunks.back()->prior = priors[i];
  }
}

StepRunner::~StepRunner() = default;

const TrunkResult& StepRunner::result(rollout::TrunkIndex trunk) const { return m_trunks[trunk]->result; }

Report StepRunner::run(const Context& context, const rollout::Step& step) {
  auto& trunk = *m_trunks[step.trunk];
  switch (step.kind) {
    case StepKind::check: return check(context, trunk);
    case StepKind::intend: return intend(context, trunk);
    case StepKind::patch: return patch(context, trunk);
    case StepKind::read_back: return read_back(context, trunk);
    case StepKind::probe: return probe(context, trunk);
    case StepKind::conclude: return conclude(trunk);
    case StepKind::settle: return settle(context, trunk);
    case StepKind::roll_back: break;
  }
  return roll_back(context, trunk);
}

Report StepRunner::check(const Context& context, Trunk& trunk) {
  const auto& change = *trunk.change;
  const auto live = m_hands.api.get(context, *change.trunk_id);
  if (!live) return trunk.fail_with(live.error());
  trunk.status_before = live->status;
  auto sighting = live->certificate;
  if (sighting.kind == Sighting::Kind::unknown && change.before != nullptr && trunk.verify().tls) {
    // The service keeps certificates to itself: what its port serves is the evidence, as it was while planning.
    if (const auto served = m_hands.tls.observe(context, *trunk.verify().tls); served && !served->empty())
      if (served->front().chain != nullptr) sighting = Sighting::of(served->front().chain);
  }
  if (sighting.is_certificate()) {
    trunk.live = sighting.chain->identity;
    if (*trunk.live == change.after->identity) {
      const bool recorded = trunk.prior != nullptr && trunk.prior->chain->identity == *trunk.live;
      if (!recorded) {
        auto record = record_after_bind(change, trunk.prior, {}, m_hands.clock.now());
        if (auto written = m_hands.log.append({Adopted{without_history(std::move(record)), false}}); !written)
          return trunk.fail_with(written.error());
      }
      trunk.result.message = "has the planned certificate already";
      return Report::already;
    }
  }
  const bool as_planned = change.before == nullptr ? !sighting.is_certificate()
                                                   : trunk.live == change.before->identity ||
                                                         sighting.kind == Sighting::Kind::unknown;
  if (as_planned) return Report::pass;
  return trunk.fail_with(
      Error(ErrorCode::conflict, "stale_live: the trunk has another certificate than when the plan was made",
            fmt::format("planned to replace {}, found {}",
                        change.before ? to_short(change.before->identity.leaf) : "nothing",
                        trunk.live ? to_short(trunk.live->leaf) : "nothing"))
          .hint("it was left alone; review what happened: trunkform plan"),
      Report::stale);
}

Report StepRunner::intend(const Context& context, Trunk& trunk) {
  auto pair = m_hands.keys.pair_for(context, *trunk.change);
  if (!pair) return trunk.fail_with(pair.error());
  if (m_lock_lost.stop_requested())
    return trunk.fail_with(Error(ErrorCode::fenced, "the lock was lost; nothing more is written"));
  trunk.pair = std::move(*pair);
  trunk.record = record_after_bind(*trunk.change, trunk.prior, m_hands.log.plan(), m_hands.clock.now());
  Intent intent{trunk.change->address, *trunk.change->trunk_id, trunk.live, without_history(trunk.record)};
  if (auto written = m_hands.log.append({std::move(intent)}); !written) return trunk.fail_with(written.error());
  return Report::pass;
}

Report StepRunner::patch(const Context& context, Trunk& trunk) {
  auto receipt = m_hands.api.bind(context, *trunk.change->trunk_id, *trunk.pair, trunk.live);
  trunk.pair.reset();
  m_hands.keys.done_with(*trunk.change);
  if (!receipt) {
    const bool unknown = receipt.error().code == ErrorCode::outcome_unknown;
    return trunk.fail_with(receipt.error(), unknown ? Report::uncertain : Report::fail);
  }
  trunk.committed = true;
  trunk.seen.emplace_back(Patched{trunk.change->address, receipt->read_back, receipt->correlation_id});
  return Report::pass;
}

Report StepRunner::read_back(const Context& context, Trunk& trunk) {
  const auto accepted =
      check_accepted(context, m_hands.api, m_hands.clock, *trunk.change->trunk_id, trunk.verify(),
                     trunk.record.chain->identity, trunk.live, trunk.status_before);
  trunk.result.verification.accepted = accepted.result;
  trunk.seen.emplace_back(ReadBack{trunk.change->address, accepted.live, accepted.status});
  if (accepted.live && accepted.live->leaf == trunk.record.chain->identity.leaf &&
      *accepted.live != trunk.record.chain->identity)
    trunk.record.as_read = accepted.live;
  if (accepted.result.verdict == CheckVerdict::pass) return Report::pass;
  if (accepted.result.verdict == CheckVerdict::inconclusive) return Report::inconclusive;
  trunk.foreign = accepted.foreign;
  return trunk.fail_with(Error(ErrorCode::rejected, accepted.result.evidence),
                         accepted.foreign ? Report::foreign : Report::fail);
}

Report StepRunner::probe(const Context& context, Trunk& trunk) {
  trunk.result.verification.served =
      check_served(context, m_hands.tls, m_hands.sip, m_hands.clock, trunk.verify(), trunk.expected());
  const auto& served = trunk.result.verification.served;
  if (served.verdict == CheckVerdict::pass) return Report::pass;
  if (served.verdict == CheckVerdict::inconclusive) return Report::inconclusive;
  return trunk.fail_with(Error(ErrorCode::rejected, "the wire does not show the new certificate", served.evidence));
}

Report StepRunner::conclude(Trunk& trunk) {
  Outcome outcome;
  outcome.address = trunk.change->address;
  outcome.verification = trunk.result.verification;
  if (trunk.result.error) {
    outcome.message = to_line(*trunk.result.error);
    outcome.kind = trunk.foreign ? OutcomeKind::foreign : trunk.committed ? OutcomeKind::failed : OutcomeKind::not_committed;
  }
  // What was committed is what the state must say, verified or not; a foreign certificate is not ours to record.
  if (trunk.committed && !trunk.foreign) outcome.record = without_history(trunk.record);
  if (trunk.result.verification.served.verdict != CheckVerdict::not_configured)
    trunk.seen.emplace_back(Probed{trunk.change->address, trunk.result.verification});
  trunk.seen.emplace_back(std::move(outcome));
  if (auto written = m_hands.log.append(std::exchange(trunk.seen, {})); !written) return trunk.fail_with(written.error());
  if (trunk.result.message.empty()) trunk.result.message = "verified";
  return Report::pass;
}

Report StepRunner::settle(const Context& context, Trunk& trunk) {
  trunk.result.verification.settled =
      check_served(context, m_hands.tls, m_hands.sip, m_hands.clock, trunk.verify(), trunk.expected());
  const auto& settled = trunk.result.verification.settled;
  if (auto written = m_hands.log.append({Probed{trunk.change->address, trunk.result.verification}}); !written)
    return trunk.fail_with(written.error());
  if (settled.verdict == CheckVerdict::pass) return Report::pass;
  if (settled.verdict == CheckVerdict::inconclusive) return Report::inconclusive;
  return trunk.fail_with(Error(ErrorCode::rejected, "at the end of the soak the wire no longer shows the new certificate",
                               settled.evidence));
}

Report StepRunner::roll_back(const Context& context, Trunk& trunk) {
  const auto reason = trunk.result.message;
  const auto fail = [&](Error error) {
    error.hints.insert(error.hints.begin(), "it could not be rolled back; the new certificate is still bound");
    trunk.fail_with(std::move(error));
    (void)conclude(trunk);
    return Report::fail;
  };
  const auto* way_back = state::way_back(trunk.record, m_hands.clock.now());
  if (way_back == nullptr)
    return fail(Error(ErrorCode::not_found, reason, "no earlier certificate that is still valid is recorded"));
  const auto earlier = *way_back;
  auto pair = m_hands.keys.pair_for_rollback(context, *trunk.change->binding, earlier);
  if (!pair) return fail(Error(ErrorCode::rejected, reason).because(pair.error()));

  auto record = record_after_rollback(trunk.record, earlier, reason, m_hands.clock.now());
  trunk.seen.emplace_back(Intent{trunk.change->address, *trunk.change->trunk_id, trunk.record.expected_live(),
                                 without_history(record)});
  if (auto written = m_hands.log.append(std::exchange(trunk.seen, {})); !written) return trunk.fail_with(written.error());
  const auto receipt =
      m_hands.api.bind(context, *trunk.change->trunk_id, **pair, trunk.record.expected_live());
  if (!receipt) {
    if (receipt.error().code == ErrorCode::outcome_unknown) return trunk.fail_with(receipt.error(), Report::uncertain);
    return fail(Error(ErrorCode::rejected, reason).because(receipt.error()));
  }
  const auto accepted = check_accepted(context, m_hands.api, m_hands.clock, *trunk.change->trunk_id, trunk.verify(),
                                       record.chain->identity, trunk.record.expected_live(), trunk.status_before);
  trunk.seen.emplace_back(Patched{trunk.change->address, receipt->read_back, receipt->correlation_id});
  trunk.seen.emplace_back(ReadBack{trunk.change->address, accepted.live, accepted.status});
  Outcome outcome{trunk.change->address, OutcomeKind::rolled_back, without_history(record), trunk.result.verification, reason};
  trunk.seen.emplace_back(std::move(outcome));
  if (auto written = m_hands.log.append(std::exchange(trunk.seen, {})); !written) return trunk.fail_with(written.error());
  trunk.result.message = fmt::format("rolled back to {}: {}", to_short(record.chain->identity.leaf), reason);
  return Report::pass;
}

}  // namespace trunkform::engine
