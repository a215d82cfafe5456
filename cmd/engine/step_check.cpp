#include <fmt/format.h>

#include "cmd/engine/records.hpp"
#include "cmd/engine/step_trunk.hpp"
#include "planner/schedule/soak.hpp"
#include "schemas/model/shell_word.hpp"
#include "state/document/history.hpp"

// The first step: the trunk as it is, held against the plan and the state, before anything is written.
namespace trunkform::engine {

using rollout::Report;

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
  // Of the plan's own: it was applied before, and the issuer gave nothing then.
  const bool is_meanwhile = change.meanwhile != nullptr && live == change.meanwhile->identity;
  const bool is_before = change.before != nullptr && live == change.before->identity;
  return is_before || is_meanwhile ? Standing::as_planned : Standing::other;
}

/// Of one leaf only the chains tell what is another's.
std::string in_another_chain(const PlannedChange& change, const std::optional<Identity>& live) {
  if (change.before == nullptr || !live || change.before->identity.leaf != live->leaf) return {};
  return fmt::format(" in another chain, {} instead of {}", to_short(live->chain),
                     to_short(change.before->identity.chain));
}

}  // namespace

Report StepRunner::check(const Context& context, Trunk& trunk) {
  if (trunk.settles) return check_bound(context, trunk);
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
            fmt::format("planned to replace {}, found {}{}",
                        change.before ? to_short(change.before->identity.leaf) : "nothing",
                        trunk.live ? to_short(trunk.live->leaf) : "nothing", in_another_chain(change, trunk.live)))
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
  const bool is_recorded = trunk.prior != nullptr && trunk.prior->chain->identity == change.after->identity;
  auto record = is_recorded ? with_new_source(*trunk.prior, change)
                            : std::optional(record_after_bind(change, trunk.prior, {}, m_hands.clock.now()));
  if (record)
    if (auto written = m_hands.log.append({Adopted{without_history(*record), false}}); !written)
      return trunk.fail_with(std::move(written.error()));
  if (is_recorded && trunk.prior->failure) {
    Error error(ErrorCode::rejected, "the planned certificate is bound already, and failed its verification",
                trunk.prior->failure->reason);
    if (!change.binding->replace_compromised && state::way_back(*trunk.prior, m_hands.clock.now()) != nullptr)
      error.hints.push_back("go back to the earlier one: trunkform rollback " + shell_quoted(change.address));
    return trunk.fail_with(std::move(error).hint("offer another one in its source, then run: trunkform apply"));
  }
  trunk.result.message = "has the planned certificate already";
  trunk.result.was_there = true;
  // A run that was interrupted before the end of the soak leaves it to this one.
  const bool soaking = is_recorded && schedule::open_soak(*trunk.prior, *change.binding, m_hands.clock.now());
  if (!soaking) return Report::already;
  trunk.record = record ? *record : *trunk.prior;
  trunk.committed = true;
  return Report::unsettled;
}

/// What an earlier run bound is as it was left; or it is not ours to judge any more, and the next plan tells.
Report StepRunner::check_bound(const Context& context, Trunk& trunk) {
  auto live = m_hands.api.get(context, *trunk.change->trunk_id);
  if (!live && live.error().code == ErrorCode::not_found)
    return trunk.fail_with(
        Error(ErrorCode::not_found, "trunk_missing: the trunk is gone, and nobody saw the end of its soak")
            .because(std::move(live.error()))
            .hint("review what happened: trunkform plan"),
        Report::stale);
  if (!live) return trunk.fail_with(std::move(live.error()));
  const auto& seen = live->certificate;
  if (seen.is_certificate() && !trunk.prior->is_live_as(seen.chain->identity))
    return trunk.fail_with(Error(ErrorCode::conflict, "stale_live: the trunk has another certificate than was recorded",
                                 fmt::format("recorded {}, found {}", to_short(trunk.prior->chain->identity.leaf),
                                             to_short(seen.chain->identity.leaf)))
                               .hint("review what happened: trunkform plan"),
                           Report::stale);
  trunk.status_before = live->status;
  trunk.record = *trunk.prior;
  trunk.committed = true;
  trunk.result.only_settled = true;
  trunk.result.message = "bound by an earlier run; the end of its soak is seen to now";
  return Report::unsettled;
}

}  // namespace trunkform::engine
