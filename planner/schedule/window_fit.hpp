#pragma once
// Whether a carrier's rollout fits into the window that it starts in: stagger and soaks may outlast what is left of it,
// and whoever starts it should know before. Pure.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "planner/schedule/not_before.hpp"
#include "planner/schedule/waves.hpp"

namespace trunkform::schedule {

/// The trunks of one carrier whose turn comes when their window has closed again.
struct LateTrunks {
  std::string carrier;  ///< label; empty for bindings without one
  std::size_t late = 0;
  std::size_t all = 0;              ///< that the plan writes on this carrier
  Instant starts{};                 ///< the first of them
  std::optional<Instant> closes{};  ///< the window that is open then; none: it has none, or is not in it
  Instant last_turn{};              ///< when the last late one's turn would come
  Instant until{};                  ///< when the first late one may start
  std::string timezone;             ///< of that one's first window, for people
};

/// By carrier, in the order of the waves; only those with late trunks. A run that does not wait for windows is assumed:
/// one late trunk stays for another run. Trunks that wait for a time of their own are not late. `before`: as in
/// `estimate`. What a trunk takes by itself is not counted.
std::vector<LateTrunks> late_for_window(const std::vector<PlannedChange>& changes, const std::vector<Wave>& waves,
                                        WindowRule windows, Instant now, const SoaksLeft& before = {});

/// When each trunk of the waves has its turn, where nothing but the rollout itself holds it: its carrier's stagger and
/// soaks. `before`: as in `estimate`.
std::map<Address, Instant> turns(const std::vector<PlannedChange>& changes, const std::vector<Wave>& waves, Instant now,
                                 const SoaksLeft& before = {});

}  // namespace trunkform::schedule
