#pragma once
// Randomness for ids, jitter and write ids. Cryptographically strong in production, seeded in simulation. Thread-safe.
#include <cstdint>
#include <span>
#include <string>

namespace trunkform {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;
  std::uint64_t below(std::uint64_t bound);  ///< uniform in [0, bound); bound > 0
  std::string uuid();                        ///< version 4, lower case
};

}  // namespace trunkform
