#include "cmd/engine/step_runner.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cmd/engine/records.hpp"
#include "state/document/history.hpp"

namespace trunkform::engine {

using rollout::Report;
using rollout::StepKind;

struct StepRunner::Trunk {
  const PlannedChange* change = nullptr;
  const ResourceRecord* prior = nullptr;
  const PlannedChange* peer = nullptr;
  Place place;                   ///< of its carrier, where that is paced
  std::optional<Identity> live;  ///< as the check saw it
  std::string status_before;
  std::shared_ptr<const KeyPair> pair;
  ResourceRecord record;  ///< what the state will hold
  bool committed = false;
  bool foreign = false;
  bool concluded = false;       ///< the outcome of the bind is durable
  std::vector<EventBody> seen;  ///< since the intent, not durable yet
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

/// What a trunk shows, held against what was planned and what the state says.
enum class Standing { as_planned, already, other, unseen };

Standing standing(const PlannedChange& change, const ResourceRecord* prior, const Sighting& seen) {
  if (seen.kind == Sighting::Kind::unknown) return Standing::unseen;
  if (!seen.is_certificate()) return change.before == nullptr ? Standing::as_planned : Standing::other;
  const auto& live = seen.chain->identity;
  if (live == change.after->identity) return Standing::already;
  // The service may give the chain back in another shape: then the state knows what to expect.
  if (prior != nullptr && prior->chain->identity == change.after->identity && live == prior->expected_live())
    return Standing::already;
  return change.before != nullptr && live == change.before->identity ? Standing::as_planned : Standing::other;
}

/// Only what the service certainly refused, or never saw, closes an intent. All else may have gone through.
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

/// Read-back and retries of one trunk, generously.
constexpr Duration k_longest_step = std::chrono::minutes(5);

Error lock_lost_error() { return Error(ErrorCode::fenced, "the lock was lost; nothing more is written"); }

}  // namespace

StepRunner::StepRunner(Hands hands, std::vector<TrunkWork> work, std::string organisation, std::stop_token lock_lost)
    : m_hands(hands), m_organisation(std::move(organisation)), m_lock_lost(std::move(lock_lost)) {
  for (auto& one : work) {
    auto trunk = std::make_unique<Trunk>();
    trunk->change = one.change;
    trunk->prior = one.prior;
    trunk->peer = one.peer;
    if (!one.failed.empty()) {
      trunk->record = *one.prior;
      trunk->committed = trunk->concluded = true;
      trunk->status_before = one.prior->failure ? one.prior->failure->status_before : one.change->trunk_status;
      trunk->result.message = std::move(one.failed);
    }
    m_trunks.push_back(std::move(trunk));
  }
}

StepRunner::~StepRunner() = default;

const TrunkResult& StepRunner::result(rollout::TrunkIndex trunk) const { return m_trunks[trunk]->result; }

StepRunner::Done StepRunner::run(const Context& context, const rollout::Step& step) {
  auto& trunk = *m_trunks[step.trunk];
  if (step.kind == StepKind::reserve) return reserve(context, trunk);
  const auto report = do_step(context, trunk, step.kind);
  // The stagger runs from the end of a trunk that was changed, to whoever is next on its carrier.
  const bool ends = step.kind == StepKind::conclude || step.kind == StepKind::roll_back ||
                    (report != Report::pass && (step.kind == StepKind::check || step.kind == StepKind::intend)) ||
                    report == Report::uncertain;
  const bool changed = trunk.committed || report == Report::uncertain;
  if (ends) leave_place(trunk, changed ? trunk.change->binding->rollout->stagger : Duration::zero());
  return {report};
}

Report StepRunner::do_step(const Context& context, Trunk& trunk, StepKind kind) {
  switch (kind) {
    case StepKind::reserve:
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
      break;
  }
  return roll_back(context, trunk);
}

StepRunner::Done StepRunner::reserve(const Context& context, Trunk& trunk) {
  const auto& binding = *trunk.change->binding;
  // Longer than a trunk can take, so that a run which died does not hold the carrier for ever.
  const auto hold =
      binding.rollout->stagger + k_longest_step + (binding.verify->tls ? binding.verify->tls->within : Duration{});
  auto place = m_hands.pacing->take(context, {m_organisation, binding.carrier->label},
                                    static_cast<std::size_t>(std::max(1, binding.carrier->max_parallel)), hold,
                                    binding.rollout->stagger);
  if (!place) return {trunk.fail_with(std::move(place.error()))};
  if (!place->taken()) return {Report::pass, place->until};
  trunk.place = std::move(*place);
  return {};
}

/// Where that cannot be written the place ends by itself.
void StepRunner::leave_place(Trunk& trunk, Duration rest) const {
  if (trunk.place.taken()) (void)m_hands.pacing->leave(Context{}, std::exchange(trunk.place, {}), rest);
}

Report StepRunner::check(const Context& context, Trunk& trunk) {
  auto report = compare(context, trunk);
  if (report == Report::pass) {
    // Before the intent: a key that cannot be had any more is this trunk's failure, not the log's.
    auto pair = m_hands.keys.pair_for(context, *trunk.change);
    if (pair)
      trunk.pair = std::move(*pair);
    else
      report = trunk.fail_with(std::move(pair.error()));
  }
  if (report != Report::pass) m_hands.keys.done_with(*trunk.change);
  return report;
}

Report StepRunner::compare(const Context& context, Trunk& trunk) {
  const auto& change = *trunk.change;
  auto live = m_hands.api.get(context, *change.trunk_id);
  if (!live && live.error().code == ErrorCode::not_found)
    return trunk.fail_with(Error(ErrorCode::not_found, "trunk_missing: the trunk is gone since the plan was made")
                               .because(std::move(live.error()))
                               .hint("if it was made anew: trunkform plan shows what would be done"),
                           Report::stale);
  if (!live) return trunk.fail_with(std::move(live.error()));
  trunk.status_before = live->status;
  if (auto peer = check_peer(context, trunk); !peer) return trunk.fail_with(std::move(peer.error()), Report::stale);
  auto sighting = std::move(live->certificate);
  // The service keeps certificates to itself: what its port serves is the evidence, as it was while planning.
  if (sighting.kind == Sighting::Kind::unknown && trunk.verify().tls)
    sighting = sight_on_wire(context, m_hands.tls, *trunk.verify().tls);
  if (sighting.is_certificate()) trunk.live = sighting.chain->identity;
  switch (standing(change, trunk.prior, sighting)) {
    case Standing::as_planned:
      return Report::pass;
    case Standing::already:
      return found_already(trunk);
    case Standing::unseen:
      return trunk.fail_with(
          Error(ErrorCode::conflict, "live_unknown: it cannot be seen what is on the trunk now", sighting.why)
              .hint("it was left alone; review what can be seen: trunkform plan"),
          Report::stale);
    case Standing::other:
      break;
  }
  return trunk.fail_with(
      Error(ErrorCode::conflict, "stale_live: the trunk has another certificate than when the plan was made",
            fmt::format("planned to replace {}, found {}",
                        change.before ? to_short(change.before->identity.leaf) : "nothing",
                        trunk.live ? to_short(trunk.live->leaf) : "nothing"))
          .hint("it was left alone; review what happened: trunkform plan"),
      Report::stale);
}

/// While a trunk of a blue-green group is changed the other one carries the calls.
Result<> StepRunner::check_peer(const Context& context, const Trunk& trunk) {
  if (trunk.peer == nullptr || !trunk.peer->trunk_id) return {};
  const auto name = to_string(trunk.peer->address);
  const auto* hint = "mend that trunk, or take both out of the group, then run: trunkform apply";
  auto peer = m_hands.api.get(context, *trunk.peer->trunk_id);
  if (!peer)
    return Error(ErrorCode::conflict, fmt::format("{}, the other trunk of its group, could not be read", name))
        .because(std::move(peer.error()));
  if (!is_healthy_status(peer->status, trunk.peer->binding->verify->healthy))
    return Error(ErrorCode::conflict, fmt::format("{}, the other trunk of its group, is not healthy", name),
                 fmt::format("its status is \"{}\": the calls would have nowhere to go", peer->status))
        .hint(hint);
  if (peer->certificate.is_certificate() && peer->certificate.chain->least_not_after() < m_hands.clock.now())
    return Error(ErrorCode::conflict, fmt::format("{}, the other trunk of its group, has an expired certificate", name))
        .hint(hint);
  return {};
}

Report StepRunner::found_already(Trunk& trunk) {
  const auto& change = *trunk.change;
  if (trunk.prior == nullptr || trunk.prior->chain->identity != change.after->identity) {
    auto record = record_after_bind(change, trunk.prior, {}, m_hands.clock.now());
    if (auto written = m_hands.log.append({Adopted{without_history(std::move(record)), false}}); !written)
      return trunk.fail_with(std::move(written.error()));
  }
  trunk.result.message = "has the planned certificate already";
  // A run that was interrupted before the end of the soak leaves it to this one.
  const auto soak = change.binding->rollout->soak;
  const bool soaking = trunk.prior != nullptr && trunk.prior->chain->identity == change.after->identity &&
                       !trunk.prior->plan.empty() && m_hands.clock.now() < trunk.prior->bound_at + soak;
  if (!soaking) return Report::already;
  trunk.record = *trunk.prior;
  trunk.committed = trunk.concluded = true;
  return Report::unsettled;
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
    const bool nothing = certainly_nothing_changed(receipt.error().code);
    return trunk.fail_with(std::move(receipt.error()), nothing ? Report::fail : Report::uncertain);
  }
  trunk.committed = true;
  trunk.seen.emplace_back(Patched{trunk.change->address, receipt->read_back, receipt->correlation_id});
  return Report::pass;
}

Report StepRunner::read_back(const Context& context, Trunk& trunk) {
  const auto accepted = check_accepted(context, m_hands.api, m_hands.clock, *trunk.change->trunk_id, trunk.verify(),
                                       trunk.record.chain->identity, trunk.live, trunk.status_before);
  trunk.result.verification.accepted = accepted.result;
  trunk.seen.emplace_back(ReadBack{trunk.change->address, accepted.live, accepted.status});
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
  return trunk.fail_with(Error(ErrorCode::rejected, accepted.result.evidence),
                         accepted.foreign ? Report::foreign : Report::fail);
}

Report StepRunner::probe(const Context& context, Trunk& trunk) {
  trunk.result.verification.served = check_served(context, m_hands.wire(), *trunk.change->binding, trunk.expected());
  const auto& served = trunk.result.verification.served;
  if (served.verdict == CheckVerdict::pass) return Report::pass;
  if (served.verdict == CheckVerdict::inconclusive) return Report::inconclusive;
  return trunk.fail_with(Error(ErrorCode::rejected, "the check on the wire failed", served.evidence));
}

Report StepRunner::conclude(Trunk& trunk) {
  Outcome outcome;
  outcome.address = trunk.change->address;
  outcome.verification = trunk.result.verification;
  outcome.message = trunk.result.message;
  if (trunk.result.error) {
    outcome.message = to_line(*trunk.result.error);
    outcome.kind = trunk.foreign     ? OutcomeKind::foreign
                   : trunk.committed ? OutcomeKind::failed
                                     : OutcomeKind::not_committed;
  }
  trunk.record.failure.reset();
  if (outcome.kind == OutcomeKind::failed)
    trunk.record.failure = Failure{m_hands.clock.now(), outcome.message, trunk.status_before};
  // What was committed is what the state must say, verified or not; a foreign certificate is not ours to record.
  if (trunk.committed && !trunk.foreign) outcome.record = without_history(trunk.record);
  if (trunk.result.verification.served.verdict != CheckVerdict::not_configured)
    trunk.seen.emplace_back(Probed{trunk.change->address, trunk.result.verification});
  trunk.seen.emplace_back(std::move(outcome));
  if (auto written = m_hands.log.append(std::exchange(trunk.seen, {})); !written)
    return trunk.fail_with(std::move(written.error()));
  trunk.concluded = true;
  if (trunk.result.message.empty()) trunk.result.message = "verified";
  return Report::pass;
}

Report StepRunner::settle(const Context& context, Trunk& trunk) {
  trunk.result.verification.settled = check_served(context, m_hands.wire(), *trunk.change->binding, trunk.expected());
  const auto& settled = trunk.result.verification.settled;
  if (auto written = m_hands.log.append({Probed{trunk.change->address, trunk.result.verification}}); !written)
    return trunk.fail_with(written.error());
  if (settled.verdict == CheckVerdict::pass) return Report::pass;
  if (settled.verdict == CheckVerdict::inconclusive) return Report::inconclusive;
  return trunk.fail_with(
      Error(ErrorCode::rejected, "at the end of the soak the check on the wire failed", settled.evidence));
}

struct StepRunner::WayBack {
  HistoryEntry earlier;
  std::shared_ptr<const KeyPair> pair;
};

/// The failure is closed as it stands: what was bound stays bound, and the state says so.
Report StepRunner::stay(Trunk& trunk, Error error) {
  error.hints.insert(error.hints.begin(), trunk.foreign
                                              ? "what somebody else bound was left alone"
                                              : "it could not be rolled back; the new certificate is still bound");
  trunk.fail_with(std::move(error));
  return conclude(trunk) == Report::pass ? Report::fail : Report::uncertain;
}

/// Nobody's certificate but our own is taken off a trunk.
Result<> StepRunner::see_before_rollback(const Context& context, Trunk& trunk) {
  const auto live = TRY(m_hands.api.get(context, *trunk.change->trunk_id));
  if (!live.certificate.is_certificate()) return {};
  const auto& seen = live.certificate.chain->identity;
  if (trunk.expected().is(seen) || seen == trunk.live) return {};
  trunk.foreign = true;
  return Error(ErrorCode::conflict, fmt::format("somebody else bound {} meanwhile", to_short(seen.leaf)));
}

/// The newest earlier certificate that is still valid and that its source still has.
Result<StepRunner::WayBack> StepRunner::find_way_back(const Context& context, const Trunk& trunk) {
  auto left = trunk.record;
  Error none(ErrorCode::not_found, "no earlier certificate that is still valid is recorded");
  while (const auto* entry = state::way_back(left, m_hands.clock.now())) {
    auto pair = m_hands.keys.pair_for_rollback(context, *trunk.change->binding, *entry);
    if (pair) return WayBack{*entry, std::move(*pair)};
    none = std::move(pair.error());
    left.history.erase(left.history.begin(), left.history.begin() + (entry - left.history.data()) + 1);
  }
  return none;
}

Report StepRunner::roll_back(const Context& context, Trunk& trunk) {
  const auto reason = trunk.result.message;
  if (m_lock_lost.stop_requested()) return trunk.fail_with(lock_lost_error(), Report::uncertain);
  if (auto ours = see_before_rollback(context, trunk); !ours)
    return stay(trunk, Error(ErrorCode::rejected, reason).because(std::move(ours.error())));
  auto way = find_way_back(context, trunk);
  if (!way) return stay(trunk, Error(ErrorCode::rejected, reason).because(std::move(way.error())));
  return bind_earlier(context, trunk, std::move(*way), reason);
}

Report StepRunner::bind_earlier(const Context& context, Trunk& trunk, WayBack way, const std::string& reason) {
  const auto& address = trunk.change->address;
  const auto& id = *trunk.change->trunk_id;
  const auto left = trunk.record.expected_live();
  const auto record = record_after_rollback(trunk.record, way.earlier, reason, m_hands.clock.now());
  // The failed bind gets its outcome first: a crash from here on must find the state knowing what is on the trunk.
  trunk.record.failure = Failure{m_hands.clock.now(), reason, trunk.status_before};
  if (!trunk.concluded)
    trunk.seen.emplace_back(
        Outcome{address, OutcomeKind::failed, without_history(trunk.record), trunk.result.verification, reason});
  trunk.seen.emplace_back(Intent{address, id, left, without_history(record), trunk.status_before});
  if (auto written = m_hands.log.append(std::exchange(trunk.seen, {})); !written)
    return trunk.fail_with(std::move(written.error()), Report::uncertain);
  const auto receipt = m_hands.api.bind(context, id, *way.pair, left);
  way.pair.reset();
  if (!receipt) {
    if (!certainly_nothing_changed(receipt.error().code)) return trunk.fail_with(receipt.error(), Report::uncertain);
    return stay(trunk, Error(ErrorCode::rejected, reason).because(receipt.error()));
  }
  trunk.seen.emplace_back(Patched{address, receipt->read_back, receipt->correlation_id});
  const auto accepted = check_accepted(context, m_hands.api, m_hands.clock, id, trunk.verify(), record.chain->identity,
                                       left, trunk.status_before);
  trunk.seen.emplace_back(ReadBack{address, accepted.live, accepted.status});
  const bool gone_back = !accepted.live || accepted.live->leaf == record.chain->identity.leaf;
  if (accepted.foreign) {
    trunk.foreign = true;
    return stay(trunk, Error(ErrorCode::rejected, reason, "after going back " + accepted.result.evidence));
  }
  // The service took it and does not show it (yet, or nobody waited): the intent stays open, and the next run looks.
  if (!gone_back) {
    auto unseen = Error(ErrorCode::outcome_unknown, "it cannot be seen whether the earlier certificate is bound again",
                        reason + "; after going back " + accepted.result.evidence)
                      .hint("the next run looks, and finishes it: trunkform apply");
    if (auto written = m_hands.log.append(std::exchange(trunk.seen, {})); !written)
      unseen.causes.push_back(std::move(written.error()));
    return trunk.fail_with(std::move(unseen), Report::uncertain);
  }
  auto bound = without_history(record);
  if (accepted.live && *accepted.live != bound.chain->identity) bound.as_read = accepted.live;
  // The wire is told, not judged: there is nothing further to go back to.
  trunk.result.verification.accepted = accepted.result;
  trunk.result.verification.served =
      check_served(context, m_hands.wire(), *trunk.change->binding, {bound.chain->identity, bound.as_read});
  trunk.result.verification.settled = {};
  trunk.seen.emplace_back(
      Outcome{address, OutcomeKind::rolled_back, std::move(bound), trunk.result.verification, reason});
  if (auto written = m_hands.log.append(std::exchange(trunk.seen, {})); !written)
    return trunk.fail_with(std::move(written.error()), Report::uncertain);
  trunk.result.message = fmt::format("rolled back to {}: {}", to_short(record.chain->identity.leaf), reason);
  return Report::pass;
}

}  // namespace trunkform::engine
