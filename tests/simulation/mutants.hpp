#pragma once
// Ports that misbehave: what the simulation must find, or it finds nothing. Each spoils one port of an otherwise right
// program.
#include <functional>
#include <string>
#include <vector>

#include "tests/support/simulated_program.hpp"

namespace trunkform::simulation {

struct Mutant {
  std::string name;
  std::string what;
  std::function<void(testing::SimulatedProgram&)> install;
};

const std::vector<Mutant>& mutants();

}  // namespace trunkform::simulation
