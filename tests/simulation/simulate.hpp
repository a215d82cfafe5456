#pragma once
// One seed from its beginning to its end: adopt, then runs in trouble, then everything is mended, and applied until
// nothing is left to do.
#include <string>
#include <vector>

#include "tests/simulation/mutants.hpp"
#include "tests/simulation/scenario.hpp"

namespace trunkform::simulation {

struct Verdict {
  std::vector<std::string> complaints;
  std::vector<std::string> story;  ///< what was run and how it ended, for a replay
  int runs = 0;
  int kills = 0;
};

Verdict simulate(std::uint64_t seed, const Mutant* mutant);

}  // namespace trunkform::simulation
