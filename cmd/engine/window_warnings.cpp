#include "cmd/engine/window_warnings.hpp"

#include <fmt/format.h>

#include "planner/schedule/window.hpp"
#include "planner/schedule/window_fit.hpp"

namespace trunkform::engine {
namespace {

std::string why(const schedule::LateTrunks& found) {
  const auto at = [&](Instant when) { return schedule::local_text(when, found.timezone); };
  return fmt::format(
      "Stagger and soaks put the turn of the last of them at {}{}. What is deferred keeps the certificate that it has.",
      at(found.last_turn),
      found.closes ? fmt::format("; the window in which the rollout starts closes at {}", at(*found.closes))
                   : std::string());
}

}  // namespace

void warn_of_short_windows(Plan& plan, const schedule::SoaksLeft& before, Instant now) {
  const auto rule = plan.ignore_window ? schedule::WindowRule::ignore : schedule::WindowRule::honour;
  for (const auto& found : schedule::late_for_window(plan.changes, plan.waves, rule, now, before))
    plan.diagnostics.push_back(
        {Severity::warning,
         Error(ErrorCode::conflict,
               fmt::format("the rollout {} does not fit into its window: {} of {} trunks {} likely deferred until {}",
                           found.carrier.empty() ? "of trunks without a carrier" : "of carrier " + found.carrier,
                           found.late, found.all, found.late == 1 ? "is" : "are",
                           schedule::local_text(found.until, found.timezone)),
               why(found))
             .hint("run `trunkform apply` again in the next window, or let one run wait for it: trunkform apply "
                   "-wait=DURATION")
             .hint("or make it fit: a longer `rotate.window`, a shorter `rollout.soak` or `stagger`, a larger "
                   "`wave_size`, "
                   "more `max_parallel` of the carrier")});
}

}  // namespace trunkform::engine
