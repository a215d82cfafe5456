#pragma once
// What every call into the world takes: until when, and whether somebody wants it to stop. Copied freely; thread-safe.
#include <optional>
#include <stop_token>

#include "schemas/model/time.hpp"

namespace trunkform {

struct Context {
  std::optional<Instant> deadline;  ///< on the Clock port's wall clock; none: the adapter's own limits
  std::stop_token stop;             ///< requested: give up at the next safe point with ErrorCode::cancelled
};

}  // namespace trunkform
