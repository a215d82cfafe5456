#pragma once
// One apply on a virtual clock: rollout::Rollout's own steps, each taking the time that it is assumed to take, each
// successful.
#include <vector>

#include "planner/forecast/request_rate.hpp"
#include "planner/forecast/run_ahead.hpp"
#include "schemas/model/plan.hpp"

namespace trunkform::forecast {

/// When one of the changes went through.
struct Bound {
  bool is_through = false;  ///< else its turn came after its window, and it is deferred
  Instant begins{};
  Instant bound{};
  Instant ends{};
  bool canary = false;
  Duration waited{};  ///< of its carrier, until then, for the request rate
};

struct VirtualApply {
  std::vector<Bound> bound;  ///< as `changes`
  Instant ends{};
  std::size_t waves = 0;
};

/// The world's share in an apply; outlives many of them.
struct VirtualService {
  Instant epoch{};  ///< of `reserve`
  Assumptions assumptions{};
  ReserveSlot reserve{};
  RequestRate rate{};

  /// When a request that is ready at `now` begins.
  Instant begin_request(Instant now);
};

/// What the rollout begins with, and what it need not try. Borrows.
struct Before {
  const std::vector<schedule::OpenSoak>& soaks;  ///< are seen to first
  const schedule::ProvenChains& proven;
};

/// `changes` all write, and may start within a stagger from `now`.
VirtualApply apply_virtually(const std::vector<PlannedChange>& changes, const Before& before, VirtualService& service,
                             Instant now);

}  // namespace trunkform::forecast
