#include <ostream>

#include <fmt/format.h>

#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/run_command.hpp"

namespace trunkform::cli {
namespace {

Error usage() {
  return Error(ErrorCode::invalid_input, "this is not something that can be trusted")
      .hint(fmt::format("trunkform trust add host HOST:PORT KIND    (KIND: {})",
                        fmt::join(engine::Trust::credential_kinds(), ", ")))
      .hint("trunkform trust add secret env NAME")
      .hint("trunkform trust add secret file PATH");
}

Result<ExitCode> add_trust(Frame& frame) {
  const auto& words = frame.arguments.positionals();
  const auto path = engine::Trust::location(frame.world.environment);
  if (words.size() == 3 && words[0] == "host") {
    const auto parts = engine::split_url("https://" + words[1]);
    if (!parts) return usage();
    TRY(engine::Trust::add(frame.world.files, path, frame.world.folder,
                           engine::TrustedHost{parts->host, parts->port, {words[2]}}));
  } else if (words.size() == 3 && words[0] == "secret" && words[1] == "env") {
    TRY(engine::Trust::add(frame.world.files, path, frame.world.folder, engine::TrustedSecret{words[2], {}}));
  } else if (words.size() == 3 && words[0] == "secret" && words[1] == "file") {
    const auto full = std::filesystem::absolute(frame.world.folder / words[2]).lexically_normal();
    TRY(engine::Trust::add(frame.world.files, path, frame.world.folder, engine::TrustedSecret{{}, full.string()}));
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
  return {{{"trust", "add"},
           "allow a host, or a secret, in the operator's trust file",
           {},
           {},
           {{"WHAT", "host HOST:PORT KIND, secret env NAME, or secret file PATH", 1, 4}},
           framed(add_trust)},
          {{"trust", "list"}, "what the trust file allows", {}, {}, {}, framed(list_trust)},
          {{"trust", "remove"},
           "take a line out of the trust file",
           {},
           {},
           {{"WHAT", "HOST:PORT, or the variable's or file's name", 1, 1}},
           framed(remove_trust)}};
}

}  // namespace trunkform::cli
