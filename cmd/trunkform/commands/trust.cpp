#include <ostream>

#include <fmt/format.h>

#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/run_command.hpp"
#include "schemas/codec/digest.hpp"
#include "schemas/model/url.hpp"

namespace trunkform::cli {
namespace {

Error usage() {
  return Error(ErrorCode::invalid_input, "this is not something that can be trusted")
      .hint(fmt::format("trunkform trust add host HOST:PORT KIND    (KIND: {})",
                        fmt::join(engine::Trust::credential_kinds(), ", ")))
      .hint("trunkform trust add secret env NAME")
      .hint("trunkform trust add secret file PATH")
      .hint("trunkform trust add program PATH -arg=ARGUMENT … -env=NAME …    (an ARGUMENT * stands for any one)")
      .hint("trunkform trust add write textfile PATH");
}

/// Pinned as it is now: another program under the same name is not trusted.
Result<> add_program(Frame& frame, const Path& trust_file) {
  const auto& words = frame.arguments.positionals();
  const Path path = words[1];
  if (!path.is_absolute())
    return Error(ErrorCode::invalid_input, fmt::format("{} is not the whole path of a program", path.string()))
        .hint("write it from the root, as the configuration does");
  if (engine::is_interpreter(path))
    return Error(ErrorCode::untrusted, fmt::format("{} runs whatever its arguments say", path.string()))
        .hint("trust the script itself, with its interpreter in its first line (#!)");
  engine::TrustedProgram program;
  program.path = path;
  program.sha256 = sha256(TRY(frame.world.files.read(path)));
  program.argv = frame.arguments.list("arg");
  program.env = frame.arguments.list("env");
  return engine::Trust::add(frame.world.files, trust_file, frame.world.folder, program);
}

Result<ExitCode> add_trust(Frame& frame) {
  const auto& words = frame.arguments.positionals();
  const auto path = engine::Trust::location(frame.world.environment);
  if (words.size() == 3 && words[0] == "host") {
    const auto parts = parse_url("https://" + words[1]);
    if (!parts) return usage();
    TRY(engine::Trust::add(frame.world.files, path, frame.world.folder,
                           engine::TrustedHost{parts->host, parts->port, {words[2]}}));
  } else if (words.size() == 3 && words[0] == "secret" && words[1] == "env") {
    TRY(engine::Trust::add(frame.world.files, path, frame.world.folder, engine::TrustedSecret{words[2], {}}));
  } else if (words.size() == 3 && words[0] == "secret" && words[1] == "file") {
    const auto full = std::filesystem::absolute(frame.world.folder / words[2]).lexically_normal();
    TRY(engine::Trust::add(frame.world.files, path, frame.world.folder, engine::TrustedSecret{{}, full.string()}));
  } else if (words.size() == 2 && words[0] == "program") {
    TRY(add_program(frame, path));
  } else if (words.size() == 3 && words[0] == "write") {
    const auto full = std::filesystem::absolute(frame.world.folder / words[2]).lexically_normal();
    TRY(engine::Trust::add(frame.world.files, path, frame.world.folder, engine::TrustedWrite{words[1], full.string()}));
  } else {
    return usage();
  }
  frame.world.streams.out << "Added to " << path.string() << ".\n";
  return ExitCode::done;
}

Result<ExitCode> list_trust(Frame& frame) {
  const auto trust = TRY(engine::Trust::load(frame.world.files, frame.world.environment, frame.world.folder));
  frame.world.streams.out << "# " << trust.path().string() << '\n';
  for (const auto& host : trust.hosts()) {
    frame.world.streams.out << "host " << host.host << ':' << host.port;
    for (const auto& kind : host.credentials) frame.world.streams.out << ' ' << kind;
    frame.world.streams.out << '\n';
  }
  for (const auto& secret : trust.secrets())
    frame.world.streams.out << "secret " << (secret.env.empty() ? "file " + secret.file : "env " + secret.env) << '\n';
  for (const auto& program : trust.programs())
    frame.world.streams.out << fmt::format("program {} sha256 {}{} {}\n", program.path.string(),
                                           to_short(program.sha256), program.argv.empty() ? "" : " --",
                                           fmt::join(program.argv, " "));
  for (const auto& write : trust.writes()) frame.world.streams.out << "write " << write.kind << ' ' << write.at << '\n';
  return ExitCode::done;
}

Result<ExitCode> remove_trust(Frame& frame) {
  const auto path = engine::Trust::location(frame.world.environment);
  TRY(engine::Trust::remove(frame.world.files, path, frame.arguments.positionals().front()));
  frame.world.streams.out << "Removed from " << path.string() << ".\n";
  return ExitCode::done;
}

}  // namespace

std::vector<Command> trust_commands() {
  return {
      {{"trust", "add"},
       "allow a host, a secret, a program or a place to write, in the operator's trust file",
       "A program is trusted as it is now, with exactly these arguments; it is given no environment but the "
       "variables of "
       "-env.",
       {{"arg", FlagKind::list, "one argument of a program, in order; * stands for any one", "ARGUMENT"},
        {"env", FlagKind::list, "a variable that a program is given", "NAME"}},
       {{"WHAT", "host HOST:PORT KIND, secret env NAME, secret file PATH, program PATH, write textfile PATH", 1, 4}},
       framed(add_trust)},
      {{"trust", "list"}, "what the trust file allows", {}, {}, {}, framed(list_trust)},
      {{"trust", "remove"},
       "take a line out of the trust file",
       {},
       {},
       {{"WHAT", "HOST:PORT, or the name of the variable, file, program or place", 1, 1}},
       framed(remove_trust)}};
}

}  // namespace trunkform::cli
