#include "cmd/trunkform/program.hpp"

#include <algorithm>
#include <exception>
#include <ostream>

#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/reporter.hpp"

namespace trunkform::cli {
namespace {

/// TRUNKFORM_CLI_ARGS and TRUNKFORM_CLI_ARGS_plan: flags that go before the typed ones, split at blanks.
std::vector<std::string> with_environment_flags(const World& world, std::vector<std::string> arguments) {
  if (arguments.empty()) return arguments;
  std::vector<std::string> extra;
  for (const auto& name : {std::string("TRUNKFORM_CLI_ARGS"), "TRUNKFORM_CLI_ARGS_" + arguments.front()}) {
    const auto value = world.environment.variable(name).value_or("");
    for (std::size_t at = 0; at < value.size();) {
      const auto end = std::min(value.find(' ', at), value.size());
      if (end > at) extra.push_back(value.substr(at, end - at));
      at = end + 1;
    }
  }
  arguments.insert(arguments.begin() + 1, extra.begin(), extra.end());
  return arguments;
}

int run(World& world, std::vector<std::string> arguments) {
  const auto commands = all_commands();
  arguments = with_environment_flags(world, std::move(arguments));
  const bool json = std::any_of(arguments.begin(), arguments.end(),
                                [](const auto& word) { return word == "-json" || word == "--json"; });
  auto invocation = parse_arguments(commands, std::move(arguments));
  if (!invocation) {
    (void)Reporter(world, false, json ? Output::json : Output::human).fail(invocation.error());
    return static_cast<int>(ExitCode::usage);
  }
  if (invocation->help) {
    world.streams.out << invocation->help->text;
    return static_cast<int>(ExitCode::done);
  }
  if (invocation->chdir) world.folder = world.folder / *invocation->chdir;
  return static_cast<int>(invocation->command->run(world, invocation->arguments));
}

}  // namespace

int run_program(World& world, std::vector<std::string> arguments) {
  try {
    return run(world, std::move(arguments));
  } catch (const std::exception& bug) {
    world.streams.err
        << "Error: trunkform has a bug: " << bug.what()
        << "\n\nWhatever was done is in the event log. Please report this with the command that you ran.\n";
    return static_cast<int>(ExitCode::error);
  }
}

}  // namespace trunkform::cli
