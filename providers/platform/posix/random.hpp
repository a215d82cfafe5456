#pragma once
// getrandom(2). Thread-safe; the kernel's generator, so there is no state to protect or to fork.
#include "schemas/ports/random.hpp"

namespace trunkform::platform {

class SystemRandom final : public Random {
 public:
  /// Throws std::system_error where the kernel has no randomness: nothing sensible can be done without it.
  void fill(std::span<std::uint8_t> bytes) override;
};

}  // namespace trunkform::platform
