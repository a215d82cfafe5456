#include <limits>

#include <fmt/format.h>

#include "cmd/engine/records.hpp"
#include "cmd/engine/step_trunk.hpp"

// The way back: an earlier certificate in the place of one that failed.
namespace trunkform::engine {

using rollout::Report;

namespace {

constexpr auto k_any_number = std::numeric_limits<std::size_t>::max();

}  // namespace

/// What is bound stays bound, and the state says of it what was known before: that it could not be left is no failure
/// of its own.
Report StepRunner::stay(Trunk& trunk, Error cause) {
  const auto* left = trunk.foreign ? "what somebody else bound was left alone"
                                   : "it could not be rolled back; the new certificate is still bound";
  const bool may_come = cause.code == ErrorCode::unavailable || cause.code == ErrorCode::throttled;
  auto error = trunk.failure ? Error(ErrorCode::rejected, trunk.failure->reason).hint(left)
                             : Error(ErrorCode::rejected, "it cannot be rolled back; what it has stays bound");
  // What was decided before this run is not given up because a source or the service is away for a while.
  if (may_come && trunk.due && trunk.due->intent_is_open)
    return trunk.fail_with(std::move(error).because(std::move(cause)).hint("the next run tries again: trunkform apply"),
                           Report::uncertain);
  trunk.fail_with(std::move(error).because(std::move(cause)));
  const bool nothing_to_close = !trunk.failure && !trunk.intends_to_leave;
  if (nothing_to_close) return Report::fail;
  return conclude(trunk) == Report::pass ? Report::fail : Report::uncertain;
}

/// Nobody's certificate but our own is judged, or taken off a trunk.
Result<> StepRunner::see_ours(const Context& context, Trunk& trunk) {
  const auto live = TRY(m_hands.api.get(context, *trunk.change->trunk_id));
  if (!live.certificate.is_certificate()) return {};
  const auto& seen = live.certificate.chain->identity;
  if (trunk.expected().is(seen) || seen == trunk.live) return {};
  trunk.foreign = true;
  return Error(ErrorCode::conflict, fmt::format("somebody else bound {} meanwhile", to_short(seen.leaf)));
}

Report StepRunner::roll_back(const Context& context, Trunk& trunk) {
  const auto reason = trunk.due ? trunk.due->reason : trunk.result.message;
  if (m_lock_lost.stop_requested()) return trunk.fail_with(lock_lost_error(), Report::uncertain);
  if (auto ours = see_ours(context, trunk); !ours) return stay(trunk, std::move(ours.error()));
  auto way = find_way_back(context, m_hands.keys, *trunk.change->binding, trunk.record, m_hands.clock.now());
  if (!way) return stay(trunk, std::move(way.error()));
  return bind_earlier(context, trunk, std::move(*way), reason);
}

/// At the end of a soak the trunk's place is long left, and what failed is not left on the trunk until another is free:
/// one beyond the carrier's `max_parallel`, so that the rest after it is kept by whoever comes next. Where that cannot
/// be written, what failed comes off all the same.
void StepRunner::take_extra_place(const Context& context, Trunk& trunk) {
  const auto& binding = *trunk.change->binding;
  const auto stagger = binding.rollout->stagger;
  if (trunk.place.taken() || m_hands.pacing == nullptr || stagger <= Duration::zero()) return;
  auto place = m_hands.pacing->take(context, {m_organisation, binding.carrier->label}, k_any_number,
                                    hold_of(binding, m_hands.api), stagger);
  if (place) trunk.place = std::move(*place);
}

Report StepRunner::bind_earlier(const Context& context, Trunk& trunk, WayBack way, const std::string& reason) {
  const auto& address = trunk.change->address;
  const auto& id = *trunk.change->trunk_id;
  const auto left = trunk.record.expected_live();
  const auto record = record_after_rollback(trunk.record, way.earlier, reason, m_hands.clock.now());
  // The failed bind gets its outcome first: a crash from here on must find the state knowing what is on the trunk.
  trunk.record.failure = trunk.failure;
  if (!trunk.due)
    trunk.saw(m_hands.clock.now(),
              Outcome{address, OutcomeKind::failed, without_history(trunk.record), trunk.result.verification, reason});
  trunk.saw(m_hands.clock.now(), Intent{address, id, left, without_history(record), trunk.status_before});
  if (auto written = m_hands.log.append_seen(std::exchange(trunk.seen, {})); !written)
    return trunk.fail_with(std::move(written.error()), Report::uncertain);
  trunk.intends_to_leave = true;
  keep_place(context, trunk);
  take_extra_place(context, trunk);
  const auto receipt = m_hands.api.bind(context, id, *way.pair, left);
  way.pair.reset();
  if (!receipt) {
    if (!certainly_nothing_changed(receipt.error().code)) return trunk.fail_with(receipt.error(), Report::uncertain);
    return stay(trunk, receipt.error());
  }
  trunk.saw(m_hands.clock.now(), Patched{address, receipt->read_back, receipt->correlation_id});
  const auto accepted = check_accepted(context, m_hands.api, m_hands.clock, id, trunk.verify(), record.chain->identity,
                                       left, trunk.status_before);
  trunk.saw(m_hands.clock.now(), ReadBack{address, accepted.live, accepted.status});
  const bool gone_back = !accepted.live || accepted.live->leaf == record.chain->identity.leaf;
  // A service that shows things late may still show what was there before the first of our two PATCHes.
  const bool is_late = accepted.foreign && accepted.live == trunk.live;
  if (accepted.foreign && !is_late) {
    trunk.foreign = true;
    return stay(trunk, Error(ErrorCode::conflict, "after going back " + accepted.result.evidence));
  }
  // The service took it and does not show it (yet, or nobody waited): the intent stays open, and the next run looks.
  if (!gone_back) {
    auto unseen = Error(ErrorCode::outcome_unknown, "it cannot be seen whether the earlier certificate is bound again",
                        reason + "; after going back " + accepted.result.evidence)
                      .hint("the next run looks, and finishes it: trunkform apply");
    if (auto written = m_hands.log.append_seen(std::exchange(trunk.seen, {})); !written)
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
  trunk.saw(m_hands.clock.now(),
            Outcome{address, OutcomeKind::rolled_back, std::move(bound), trunk.result.verification, reason});
  if (auto written = m_hands.log.append_seen(std::exchange(trunk.seen, {})); !written)
    return trunk.fail_with(std::move(written.error()), Report::uncertain);
  trunk.result.message = fmt::format("rolled back to {}: {}", to_short(record.chain->identity.leaf), reason);
  return Report::pass;
}

}  // namespace trunkform::engine
