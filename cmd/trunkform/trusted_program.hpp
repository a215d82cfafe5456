#pragma once
// A program that the configuration names, as the trust file lets it run.
#include <string>
#include <vector>

#include "cmd/engine/trust.hpp"
#include "cmd/trunkform/world.hpp"

namespace trunkform::cli {

/// With its digest, its arguments and the variables that its line names; nothing else of the environment. `line`: as
/// for `Trust::allow_program`. Error: untrusted, with the command that would allow it.
Result<ProgramRequest> trusted_program(const World& world, const engine::Trust& trust,
                                       const std::vector<std::string>& command,
                                       const std::vector<std::string>& line = {});

/// Whether it is still what it was when it was trusted: who runs it looks again. Errors: untrusted, with the command
/// that trusts it as it is now; of the file system.
Result<> is_as_trusted(const World& world, const engine::TrustedProgram& program);

}  // namespace trunkform::cli
