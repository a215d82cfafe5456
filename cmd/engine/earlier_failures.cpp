#include "cmd/engine/earlier_failures.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "cmd/engine/records.hpp"

namespace trunkform::engine {
namespace {

/// Whether this run is the first to see that an earlier one failed on it: by recovery, or by rolling it back.
bool failed_before(const PlannedChange& change, const ApplyInputs& inputs,
                   const std::vector<AddressOutcome>& outcomes) {
  if (inputs.failed.contains(change.address)) return true;
  const auto due = inputs.rollbacks_due.find(change.address);
  if (due == inputs.rollbacks_due.end()) return false;
  const auto* record = recorded(inputs.state, change.address);
  const bool was_failure = due->second.why == DueRollback::Why::failed || (record != nullptr && record->failure);
  return was_failure && std::any_of(outcomes.begin(), outcomes.end(), [&](const AddressOutcome& outcome) {
           return outcome.address == change.address && outcome.phase == rollout::Phase::rolled_back;
         });
}

}  // namespace

std::optional<std::string> stopped_by_earlier_run(const ApplyInputs& inputs,
                                                  const std::vector<AddressOutcome>& outcomes) {
  std::size_t failures = 0;
  auto most = std::numeric_limits<std::size_t>::max();
  for (const auto& change : inputs.plan.changes) {
    if (!change.binding || change.binding->rollout->on_failure == OnFailure::proceed) continue;
    if (!failed_before(change, inputs, outcomes)) continue;
    ++failures;
    most = std::min(most, static_cast<std::size_t>(change.binding->rollout->max_failures));
  }
  if (failures > 0 && failures > most)
    return fmt::format("an interrupted run failed on {} trunk{}; the next run goes on with the rest", failures,
                       failures == 1 ? "" : "s");
  if (!inputs.unverified.empty())
    return fmt::format("{}, which an interrupted run had bound, could not be verified; the next run goes on",
                       to_string(*inputs.unverified.begin()));
  return std::nullopt;
}

schedule::FailedChains failed_chains(const ApplyInputs& inputs) {
  return {*inputs.bindings, inputs.state->document.resources, inputs.leaving};
}

std::string held_back(const schedule::FailedChains& failed, const PlannedChange& change, std::size_t others) {
  return fmt::format(
      "chain {} failed on {} trunk{} of carrier {} before, or was rolled back there ({}); it is not tried on others "
      "until the source offers another, or you insist: trunkform apply -retry",
      to_short(change.after->identity.chain), others, others == 1 ? "" : "s", change.binding->carrier->label,
      failed.told(change));
}

}  // namespace trunkform::engine
