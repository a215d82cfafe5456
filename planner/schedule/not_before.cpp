#include "planner/schedule/not_before.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "planner/schedule/threshold.hpp"
#include "planner/schedule/window.hpp"

namespace trunkform::schedule {
namespace {

constexpr const char* k_window_opens = "the window opens then (rotate.window)";

bool has_expired(const DeferralInput& input) {
  return input.effective_expiry && is_expired(*input.effective_expiry, input.now);
}

Instant old_enough(const DeferralInput& input) {
  if (!input.offered_since) return input.now;
  // Before it begins it is refused, whatever is live: only its age is waived.
  if (has_expired(input)) return *input.offered_since;
  const Instant ready = *input.offered_since + input.policy.min_age;
  // Once live has expired nobody waits for age any longer, so nobody plans to wait beyond that.
  return input.effective_expiry ? std::max(*input.offered_since, std::min(ready, *input.effective_expiry)) : ready;
}

/// Why the windows do not count, or nothing where they do.
std::optional<std::string> reason_to_ignore(const DeferralInput& input, const std::vector<Opening>& openings) {
  if (has_expired(input)) return fmt::format("live expired on {}", to_date(*input.effective_expiry));
  if (openings.empty()) return "it does not open within a year";
  if (!input.effective_expiry) return std::nullopt;
  if (openings.size() < 2) return "it opens only once within a year";
  if (*input.effective_expiry < openings[1].closes)
    return fmt::format("live ends at {}, before the end of the second next window at {}",
                       to_rfc3339(*input.effective_expiry), to_rfc3339(openings[1].closes));
  return std::nullopt;
}

/// The first instant from `ready` on that the windows allow.
Instant within_window(const DeferralInput& input, Instant ready, Deferral& deferral) {
  if (input.policy.windows.empty() || input.windows == WindowRule::ignore) return ready;
  const auto openings = next_openings(input.policy.windows, ready, 2);
  if (!openings) {
    deferral.warnings.push_back("the window is ignored: " + to_line(openings.error()));
    return ready;
  }
  const bool open = !openings->empty() && openings->front().opens <= ready;
  if (open) return ready;
  if (const auto why = reason_to_ignore(input, *openings)) {
    deferral.warnings.push_back("the window is ignored: " + *why);
    return ready;
  }
  deferral.cause = k_window_opens;
  return openings->front().opens;
}

}  // namespace

Deferral defer(const DeferralInput& input) {
  Deferral deferral;
  Instant ready = std::max(input.now, old_enough(input));
  if (ready > input.now)
    deferral.cause = input.offered_since == ready ? std::string("the certificate is not valid before")
                                                  : fmt::format("the certificate is younger than {} (rotate.min_age)",
                                                                to_string(input.policy.min_age));
  if (input.paced_until && input.paced_until->until > ready) {
    ready = input.paced_until->until;
    deferral.cause =
        input.paced_until->rests
            ? "the carrier rests after its last change, by " + input.paced_until->who + " (rollout.stagger)"
            : input.paced_until->who +
                  " is changing a trunk of this carrier, or was stopped while it did (carrier.max_parallel)";
  }
  ready = within_window(input, ready, deferral);
  if (ready > input.now) deferral.not_before = ready;
  return deferral;
}

Instant next_start(const PlannedChange& change, WindowRule windows, Instant now) {
  const auto ready = std::max(now, change.not_before.value_or(now));
  const auto deferral = defer({.policy = change.binding->rotate,
                               .effective_expiry = change.effective_expiry,
                               .windows = windows,
                               .now = ready});
  return deferral.not_before.value_or(ready);
}

std::string why_not_before(const PlannedChange& change, Instant at) {
  if (change.not_before && at <= *change.not_before)
    for (const auto& note : change.notes)
      if (note.starts_with(k_deferred_note)) return note.substr(k_deferred_note.size());
  return k_window_opens;
}

Instant start_by(const Binding& binding, Duration wait, Instant now) {
  return now + std::max(wait, binding.rollout->stagger);
}

}  // namespace trunkform::schedule
