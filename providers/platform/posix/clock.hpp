#pragma once
// The system's clocks. Thread-safe.
#include "schemas/ports/clock.hpp"

namespace trunkform::platform {

class SystemClock final : public Clock {
 public:
  Instant now() const override;
  Duration monotonic() const override;
  Result<> sleep(const Context& context, Duration duration) override;
};

}  // namespace trunkform::platform
