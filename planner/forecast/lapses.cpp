#include "planner/forecast/lapses.hpp"

#include <fmt/format.h>

namespace trunkform::forecast {
namespace {

struct Reason {
  LapseCause cause;
  std::string why;
};

Reason of_late_rotation(Instant expiry, const LapseEnd& end) {
  const auto& rotation = end.rotation;
  if (rotation.offered > expiry)
    return {LapseCause::source_too_late,
            fmt::format("the source has a newer certificate only from {} on", to_rfc3339(rotation.offered))};
  const auto took = rotation.bound - end.run.begins;
  if (end.run.begins <= expiry && end.waited * 2 > took)
    return {LapseCause::rate_too_low,
            fmt::format("its rollout began on {}, and its requests waited {} for the rate of {} a minute",
                        to_rfc3339(end.run.begins), to_words(end.waited), end.assumptions.requests_per_minute)};
  return {LapseCause::rollout_too_slow,
          fmt::format("its rollout of {} trunk{} in {} wave{} began on {} and reached this trunk {} later",
                      end.run.trunks, end.run.trunks == 1 ? "" : "s", end.run.waves, end.run.waves == 1 ? "" : "s",
                      to_rfc3339(end.run.begins), to_words(took))};
}

Reason of_deferral(const VirtualTrunk& trunk, Instant not_before) {
  if (!trunk.binding().rotate->windows.empty())
    return {LapseCause::window_too_late, fmt::format("its window opens only on {}", to_rfc3339(not_before))};
  return {LapseCause::deferred, fmt::format("it may not rotate before {} (min_age, pacing)", to_rfc3339(not_before))};
}

Reason of_source(const VirtualTrunk& trunk, const Look& seen) {
  const auto& certificate = trunk.binding().certificate;
  if (seen.relation == Relation::unknown)
    return {LapseCause::source_unreachable, fmt::format("{} cannot be read", certificate)};
  if (seen.relation == Relation::same)
    return {LapseCause::source_not_renewed, fmt::format("{} still offers the same certificate", certificate)};
  return {LapseCause::source_not_renewed, fmt::format("{} offers nothing newer", certificate)};
}

Reason of_failed_chain(const VirtualTrunk& trunk, std::size_t others) {
  return {LapseCause::chain_failed,
          fmt::format("what {} offers has failed on {} other trunk{} of carrier {} or was rolled back there, and is "
                      "not assumed to hold here",
                      trunk.binding().certificate, others, others == 1 ? "" : "s", trunk.binding().carrier->label)};
}

/// What keeps an apply from writing, whether or not anything is live; none: nothing does.
std::optional<Reason> obstacle(const VirtualTrunk& trunk, const Look& seen) {
  if (seen.gate != Gate::none)
    return Reason{LapseCause::blocked, fmt::format("{}: {}", to_string(seen.gate), seen.gate_summary)};
  if (seen.failures_elsewhere > 0) return of_failed_chain(trunk, seen.failures_elsewhere);
  if (!seen.held_by_green.empty()) return Reason{LapseCause::held_by_green, seen.held_by_green};
  return std::nullopt;
}

Reason reason(const VirtualTrunk& trunk, Instant start, Instant expiry, const std::optional<LapseEnd>& end) {
  if (!trunk.at_expiry && !trunk.last) return {LapseCause::expired_already, "it ended before this forecast begins"};
  const auto& seen = trunk.at_expiry ? *trunk.at_expiry : *trunk.last;
  if (seen.gate == Gate::source_unreachable) return of_source(trunk, {});
  if (auto found = obstacle(trunk, seen)) return std::move(*found);
  if (end && expiry <= start) return {LapseCause::expired_already, "it ended before this forecast begins"};
  if (seen.not_before && *seen.not_before >= expiry) return of_deferral(trunk, *seen.not_before);
  if (end && (end->rotation.offered > expiry || end->run.begins <= expiry)) return of_late_rotation(expiry, *end);
  if (seen.missed_turn)
    return {LapseCause::window_too_late, "its turn in the rollout came after its window had closed"};
  if (seen.waits_for_run)
    return {LapseCause::rollout_too_slow, "an earlier rollout was still on when it was due, and holds the lock"};
  if (seen.relation == Relation::newer || seen.relation == Relation::pending)
    return {LapseCause::run_too_late, "apply did not run between the day it was due and its end"};
  if (!end) return of_source(trunk, seen);
  return {LapseCause::run_too_late, "a newer certificate was there, and apply ran only after the end"};
}

}  // namespace

Lapse explain_lapse(const VirtualTrunk& trunk, Instant start, const std::optional<LapseEnd>& end) {
  Lapse lapse;
  if (end) lapse.until = end->rotation.bound;
  if (!trunk.expiry()) {
    lapse.from = start;
    lapse.cause = LapseCause::nothing_live;
    lapse.why = "no certificate is on the trunk";
    const auto& seen = trunk.at_expiry ? trunk.at_expiry : trunk.last;
    if (auto found = !end && seen ? obstacle(trunk, *seen) : std::nullopt) {
      lapse.cause = found->cause;
      lapse.why = std::move(found->why);
      lapse.gate = seen->gate;
    }
    return lapse;
  }
  lapse.from = *trunk.expiry();
  auto found = reason(trunk, start, lapse.from, end);
  lapse.cause = found.cause;
  lapse.why = std::move(found.why);
  if (lapse.cause == LapseCause::blocked) lapse.gate = (trunk.at_expiry ? trunk.at_expiry : trunk.last)->gate;
  return lapse;
}

}  // namespace trunkform::forecast
