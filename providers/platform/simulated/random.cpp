#include "providers/platform/simulated/random.hpp"

namespace trunkform::platform {

// splitmix64 (Steele, Lea, Flood 2014): every seed is good, also 0 and neighbours.
void SeededRandom::fill(std::span<std::uint8_t> bytes) {
  const std::scoped_lock lock(m_mutex);
  for (auto& byte : bytes) {
    m_state += 0x9E3779B97F4A7C15ULL;
    std::uint64_t mixed = m_state;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
    byte = static_cast<std::uint8_t>((mixed ^ (mixed >> 31U)) >> 56U);
  }
}

}  // namespace trunkform::platform
