#include "cmd/trunkform/trusted_program.hpp"

namespace trunkform::cli {

Result<ProgramRequest> trusted_program(const World& world, const engine::Trust& trust,
                                       const std::vector<std::string>& command) {
  const auto* allowed = TRY(trust.allow_program(command));
  ProgramRequest program;
  program.path = allowed->path;
  program.digest = allowed->sha256;
  program.arguments.assign(command.begin() + 1, command.end());
  program.environment = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"LANG", "C.UTF-8"}};
  // A secret that was read from the environment is no longer there, and is not handed on.
  for (const auto& name : allowed->env)
    if (auto value = world.environment.variable(name)) program.environment.emplace_back(name, *value);
  return program;
}

}  // namespace trunkform::cli
