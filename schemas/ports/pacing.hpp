#pragma once
// How closely trunks of one carrier may follow one another, across the runs and the states of one backend: the carrier
// cannot tell who changes its trunks. Times are the backend's. Thread-safe. docs/semantics.md, Waves and pace.
#include <compare>
#include <cstddef>
#include <optional>
#include <string>

#include "schemas/model/pace.hpp"
#include "schemas/model/result.hpp"
#include "schemas/model/time.hpp"
#include "schemas/ports/context.hpp"

namespace trunkform {

/// Whose pace it is. An empty carrier is that of all bindings without one.
struct CarrierKey {
  std::string organisation;  ///< id
  std::string carrier;       ///< label
  friend auto operator<=>(const CarrierKey&, const CarrierKey&) = default;
};

/// One of a carrier's places, of which it has `max_parallel`.
struct Place {
  CarrierKey carrier;
  std::string ticket;        ///< of the backend; empty: none was free
  Instant until{};           ///< taken until then; where none was free: when to ask again
  std::string owner;         ///< of the backend: which of its states took it
  Duration rest{};           ///< after a trunk
  std::string held_by = {};  ///< where none was free: PaceWait::who
  bool taken() const { return !ticket.empty(); }
};

class Pacing {
 public:
  virtual ~Pacing() = default;
  /// What the next of `places` waits for; none: one is free.
  virtual Result<std::optional<PaceWait>> busy_until(const Context& context, const CarrierKey& carrier,
                                                     std::size_t places) = 0;
  /// Takes a place for `hold`, which bounds how long a dead run keeps it; atomic among all who ask. Durable on return.
  virtual Result<Place> take(const Context& context, const CarrierKey& carrier, std::size_t places, Duration hold,
                             Duration rest) = 0;
  /// The trunk takes longer than it was thought to: the place is taken for `hold` from now. One that ended meanwhile is
  /// taken again. `place` is as it is now.
  virtual Result<> keep(const Context& context, Place& place, Duration hold) = 0;
  /// The trunk is done: the place is free after `rest`. One that ended meanwhile is taken again for that long.
  virtual Result<> leave(const Context& context, const Place& place, Duration rest) = 0;
  /// For the holder of this state's lock: whatever an earlier run of this state still has is no longer held, and rests
  /// from now on.
  virtual Result<> leave_what_died(const Context& context) = 0;
};

}  // namespace trunkform
