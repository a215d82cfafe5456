#pragma once
// What lies ahead: when each trunk rotates, who would be without a valid certificate, how much of the request rate it
// takes. A value, made by run_ahead.hpp. Instants are UTC; names of trunks are foreign text. docs/forecast.md.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "planner/forecast/renewal.hpp"
#include "planner/schedule/window.hpp"
#include "schemas/model/plan.hpp"

namespace trunkform::forecast {

/// One binding, as it is at the start.
struct Subject {
  Address address;
  std::string trunk_name;
  std::optional<TrunkId> trunk_id;
  std::string carrier;      ///< label; empty for bindings without one
  std::string certificate;  ///< the declaration's address
  Health health = Health::unknown;
  Gate gate = Gate::none;  ///< what stands in the way of a write now
  Evidence evidence = Evidence::none;
  std::optional<Instant> begins{};  ///< of live
  std::optional<Instant> expiry{};  ///< effective, of live; none: nothing is live, or nobody can see it
  std::optional<Instant> due{};
  std::string timezone;  ///< of the first window; empty: no window
};

/// One trunk gets its next certificate.
struct Rotation {
  std::size_t subject = 0;  ///< index into Forecast::subjects
  std::size_t run = 0;      ///< index into Scenario::runs
  Cause cause = Cause::due;
  bool canary = false;
  std::optional<Instant> due{};         ///< of the certificate that goes
  Instant offered{};                    ///< when the source had the new one
  Instant begins{};                     ///< its first request
  Instant bound{};                      ///< the PATCH is through: from here on calls see the new certificate
  Instant ends{};                       ///< verified, its soak not counted
  std::optional<Instant> old_expiry{};  ///< none: nothing was live
  Instant new_expiry{};
  std::optional<schedule::Opening> window{};  ///< in which its run began
  bool window_ignored = false;                ///< the binding has windows, and expiry left no time for them
  bool outside_window = false;                ///< its run began in time and outlasted the window
  std::string warning;                        ///< why a window is ignored; lower case

  /// From the PATCH to the end of what it replaced; negative: the trunk had lapsed.
  std::optional<Duration> margin() const {
    return old_expiry ? std::optional<Duration>(*old_expiry - bound) : std::nullopt;
  }
};

enum class LapseCause {
  nothing_live,        ///< the trunk has no certificate yet
  expired_already,     ///< before the forecast begins
  source_not_renewed,  ///< the source offers nothing newer
  source_too_late,     ///< it did, after the end
  source_unreachable,
  blocked,           ///< by a gate of the plan
  chain_failed,      ///< what the source offers has failed on other trunks of the carrier
  held_by_green,     ///< blue, and its green is left alone
  window_too_late,   ///< the window opens after the end
  deferred,          ///< `min_age` or pacing reach past the end
  run_too_late,      ///< no apply ran in time
  rollout_too_slow,  ///< stagger, soak and waves, or an earlier run that was still on
  rate_too_low,      ///< the requests waited for the service's rate
};
std::string_view to_string(LapseCause cause);

/// A trunk without a valid certificate.
struct Lapse {
  std::size_t subject = 0;
  Instant from{};                  ///< just after live's end; the start where nothing is live
  std::optional<Instant> until{};  ///< none: for as long as the forecast looks
  LapseCause cause = LapseCause::source_not_renewed;
  Gate gate = Gate::none;  ///< set for `blocked`
  std::string why;         ///< a sentence without capital and period
};

/// One apply that wrote, or saw to the soaks that an earlier one had left open.
struct Run {
  Instant begins{};
  Instant ends{};  ///< of its last soak
  std::size_t trunks = 0;
  std::size_t waves = 0;
  std::uint64_t requests = 0;  ///< planning included
};

/// A UTC day on which something happens.
struct Day {
  std::chrono::sys_days date{};
  std::size_t rotations = 0;
  std::size_t lapses = 0;  ///< that begin on it
  std::uint64_t requests = 0;
  std::uint64_t peak = 0;  ///< most requests that begin within sixty seconds
};

/// The future under one assumption about the sources.
struct Scenario {
  Renewal renewal;
  std::vector<Rotation> rotations;  ///< by the moment of the PATCH
  std::vector<Lapse> lapses;        ///< by their beginning
  std::vector<Run> runs;
  std::vector<Day> days;  ///< in order
  std::uint64_t requests = 0;
  std::uint64_t peak = 0;                  ///< of the days
  std::optional<std::size_t> narrowest{};  ///< index of the rotation with the least margin
};

/// Trunks whose certificates end on one UTC day, as they are now.
struct Cluster {
  std::chrono::sys_days date{};
  std::vector<std::size_t> subjects;
  std::size_t certificates = 0;  ///< different ones
};

/// A source that should have renewed by the assumption, and did not.
struct LateSource {
  std::string certificate;
  Instant expected{};
  std::optional<Instant> assumed{};  ///< when it becomes due; none: it is due, and not trusted to renew any more
};

/// A binding of which nobody can say whether it lapses.
struct Unproven {
  std::size_t subject = 0;
  std::string why;
};

/// A trunk of the organisation that no binding means.
struct Outside {
  TrunkId id;
  std::string name;
  std::optional<Instant> expiry{};  ///< none: no certificate, or nobody can see it
};

struct Assumptions {
  Duration apply_every = std::chrono::hours(24);
  Duration request = std::chrono::seconds(1);
  std::size_t parallelism = 10;
  int requests_per_minute = 240;
  std::uint64_t requests_per_plan = 3;
};

struct Forecast {
  Instant start{};
  Instant end{};
  Assumptions assumptions;
  std::vector<Subject> subjects;  ///< by address
  Scenario as_offered;            ///< nobody renews anything
  std::optional<Scenario> renewed{};
  std::vector<Cluster> clusters;  ///< of two trunks and more, largest first
  std::vector<LateSource> late;
  std::vector<Unproven> unproven;
  std::vector<Outside> outside;  ///< for people to know: nothing here renews them; filled by the caller

  /// What the chosen assumption gives: decides about the exit code.
  const Scenario& chosen() const { return renewed ? *renewed : as_offered; }
};

}  // namespace trunkform::forecast
