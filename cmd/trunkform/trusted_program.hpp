#pragma once
// A program that the configuration names, as the trust file lets it run.
#include <string>
#include <vector>

#include "cmd/engine/trust.hpp"
#include "cmd/trunkform/world.hpp"

namespace trunkform::cli {

/// With its digest, its arguments and the variables that its line names; nothing else of the environment. Error:
/// untrusted, with the command that would allow it.
Result<ProgramRequest> trusted_program(const World& world, const engine::Trust& trust,
                                       const std::vector<std::string>& command);

}  // namespace trunkform::cli
