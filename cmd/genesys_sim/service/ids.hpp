#pragma once
// Ids and tokens from a seed, so that a run can be repeated exactly. Not thread-safe.
#include <cstdint>
#include <random>
#include <string>

namespace trunkform::sim {

class Ids {
 public:
  explicit Ids(std::uint64_t seed) : m_engine(seed) {}
  std::string uuid();   ///< version 4, lower case
  std::string token();  ///< 86 characters, as the service's are

 private:
  std::mt19937_64 m_engine;
};

}  // namespace trunkform::sim
