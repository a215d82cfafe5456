#pragma once
// The frame of a command: a reporter, a session, and an error that becomes a message and an exit code.
#include <functional>

#include "cmd/trunkform/reporter.hpp"
#include "cmd/trunkform/session.hpp"

namespace trunkform::cli {

/// What a command's body is given.
struct Frame {
  World& world;
  const Arguments& arguments;
  Session& session;
  Reporter& reporter;
};

using CommandBody = Result<ExitCode> (*)(Frame& frame);

/// `-json` and `-no-color` are honoured where the command has them.
ExitCode run_command(World& world, const Arguments& arguments, CommandBody body);

/// For `Command::run`.
std::function<ExitCode(World&, const Arguments&)> framed(CommandBody body);

}  // namespace trunkform::cli
