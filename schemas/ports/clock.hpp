#pragma once
// Time. Thread-safe.
#include "schemas/model/result.hpp"
#include "schemas/model/time.hpp"
#include "schemas/ports/context.hpp"

namespace trunkform {

class Clock {
 public:
  virtual ~Clock() = default;
  /// UTC wall clock.
  virtual Instant now() const = 0;
  /// Never goes back; from an arbitrary origin.
  virtual Duration monotonic() const = 0;
  /// Returns after `duration`, or with ErrorCode::cancelled as soon as `context.stop` is requested.
  virtual Result<> sleep(const Context& context, Duration duration) = 0;
};

}  // namespace trunkform
