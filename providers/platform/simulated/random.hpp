#pragma once
// The same bytes for the same seed, on every machine. Thread-safe; the order of threads decides who gets which.
#include <mutex>

#include "schemas/ports/random.hpp"

namespace trunkform::platform {

class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : m_state(seed) {}
  void fill(std::span<std::uint8_t> bytes) override;

 private:
  std::mutex m_mutex;
  std::uint64_t m_state;
};

}  // namespace trunkform::platform
