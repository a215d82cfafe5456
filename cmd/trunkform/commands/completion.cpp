#include <ostream>

#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/completion_text.hpp"
#include "cmd/trunkform/run_command.hpp"
#include "cmd/trunkform/usage.hpp"

namespace trunkform::cli {
namespace {

Result<ExitCode> completion(Frame& frame) {
  const auto text = completion_text(all_commands(), frame.arguments.positionals().front());
  if (!text) return usage_error(text.error());
  frame.world.streams.out << *text;
  return ExitCode::done;
}

}  // namespace

Command completion_command() {
  return {{"completion"},
          "completion for bash, zsh or fish",
          "bash: source <(trunkform completion bash)\n"
          "zsh:  trunkform completion zsh > \"${fpath[1]}/_trunkform\"\n"
          "fish: trunkform completion fish > ~/.config/fish/completions/trunkform.fish",
          {},
          {{"SHELL", "bash, zsh or fish", 1, 1}},
          framed(completion)};
}

}  // namespace trunkform::cli
