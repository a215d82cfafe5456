#include "cmd/trunkform/trusted_program.hpp"

#include <fmt/format.h>

#include "schemas/codec/digest.hpp"

namespace trunkform::cli {

Result<ProgramRequest> trusted_program(const World& world, const engine::Trust& trust,
                                       const std::vector<std::string>& command, const std::vector<std::string>& line) {
  const auto* allowed = TRY(trust.allow_program(command, line));
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

Result<> is_as_trusted(const World& world, const engine::TrustedProgram& program) {
  const auto now = sha256(TRY(world.files.read(program.path)));
  if (now == program.sha256) return {};
  return Error(ErrorCode::untrusted,
               fmt::format("the program {} has changed since it was trusted", program.path.string()),
               fmt::format("its SHA-256 is {}, trusted is {}", to_hex(now), to_hex(program.sha256)))
      .hint("if you trust it as it is now, run: " + engine::command_to_trust(program));
}

}  // namespace trunkform::cli
