#pragma once
// The planner and the rollout machine, run ahead on a virtual clock from what is live and offered now. Every verdict
// comes from diff::diff, every time from schedule:: and rollout::Rollout; what is assumed of the sources is in
// renewal.hpp. Goes from event to event, so that a quiet year costs nothing. Pure: the pacing is an argument too.
#include <functional>
#include <map>
#include <optional>

#include "planner/diff/diff.hpp"
#include "planner/forecast/forecast.hpp"
#include "planner/schedule/failed_chains.hpp"
#include "planner/schedule/soak.hpp"

namespace trunkform::forecast {

/// Takes the next slot of the service's request rate: how long from `now` (since the start) until it may be used.
using ReserveSlot = std::function<Duration(Duration now)>;

/// What earlier runs have left to the next one. docs/decisions/0224.
struct Leftovers {
  const schedule::FailedChains& failed;
  const schedule::ProvenChains& proven;              ///< seen to be served on a carrier: they need no canary there
  const std::map<Address, ResourceRecord>& records;  ///< with their open soaks
};

struct Input {
  std::vector<diff::DiffInput> bindings{};  ///< by address, as a plan judges them at `start`, with their rivals
  std::optional<Leftovers> leftovers{};     ///< borrows; none: no run was before
  Instant start{};
  Instant end{};
  Renewal renewal{};
  Assumptions assumptions{};
  std::function<ReserveSlot()> pacing{};  ///< a fresh one for each scenario; empty: nothing waits
};

Forecast run_ahead(const Input& input);

}  // namespace trunkform::forecast
