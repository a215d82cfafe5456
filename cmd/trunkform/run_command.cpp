#include "cmd/trunkform/run_command.hpp"

namespace trunkform::cli {

ExitCode run_command(World& world, const Arguments& arguments, CommandBody body) {
  const auto on = [&](const char* flag) { return arguments.m_flags.contains(flag) && arguments.on(flag); };
  Reporter reporter(world, on("no-color"), on("json") ? Output::json : Output::human);
  Session session(world, arguments);
  Frame frame{world, arguments, session, reporter};
  auto code = body(frame);
  if (code) return *code;
  reporter.use_sources(session.files());
  return reporter.fail(code.error());
}

std::function<ExitCode(World&, const Arguments&)> framed(CommandBody body) {
  return [body](World& world, const Arguments& arguments) { return run_command(world, arguments, body); };
}

}  // namespace trunkform::cli
