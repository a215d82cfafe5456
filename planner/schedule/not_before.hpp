#pragma once
// From when on a write may go out: `min_age`, windows and pacing are no gates, they defer. Pure.
#include <optional>
#include <string>
#include <vector>

#include "schemas/model/pace.hpp"
#include "schemas/model/plan.hpp"
#include "schemas/model/policy.hpp"
#include "schemas/model/result.hpp"
#include "schemas/model/time.hpp"

namespace trunkform::schedule {

enum class WindowRule { honour, ignore };  ///< `ignore`: `-ignore-window`

struct DeferralInput {
  const RotatePolicy& policy;
  std::optional<Instant> effective_expiry{};  ///< of live; none: nothing is live
  std::optional<Instant> offered_since{};     ///< notBefore of the offered leaf; none: it is not issued yet
  std::optional<PaceWait> paced_until{};      ///< the carrier's pacing lets nobody start before
  WindowRule windows = WindowRule::honour;
  Instant now{};
};

struct Deferral {
  std::optional<Instant> not_before{};  ///< none: now
  std::string cause;                  ///< of `not_before`, for people, the argument by name; empty where there is none
  std::vector<std::string> warnings;  ///< lower case; a window that is ignored, and why
};

/// The latest of what holds, moved into the next opening. `min_age` never reaches beyond live's end and is waived once
/// live has expired; a window is ignored when live ends before the end of the second next one.
Deferral defer(const DeferralInput& input);

/// When a planned write may start, asked at its turn: a long rollout may outlast its window (docs/decisions/0221).
/// Precondition: the change has a binding.
Instant next_start(const PlannedChange& change, WindowRule windows, Instant now);
/// Why a planned write does not start before `at`, which `next_start` said; for people.
std::string why_not_before(const PlannedChange& change, Instant at);
/// What may only start later than that is deferred. A run rests for a stagger between two trunks anyway, so it waits as
/// long for the first (docs/decisions/0220); `wait`: longer, where the operator says so.
Instant start_by(const Binding& binding, Duration wait, Instant now);

}  // namespace trunkform::schedule
