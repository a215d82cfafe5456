#include "cmd/trunkform/program.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <ostream>
#include <sstream>

#include <fmt/format.h>

#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/reporter.hpp"
#include "cmd/trunkform/usage.hpp"

namespace trunkform::cli {
namespace {

std::vector<std::string> split_at_blanks(const std::string& text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

std::vector<std::string> variables_of(const std::vector<std::string>& path) {
  return {"TRUNKFORM_CLI_ARGS", fmt::format("TRUNKFORM_CLI_ARGS_{}", fmt::join(path, "_"))};
}

/// TRUNKFORM_CLI_ARGS and TRUNKFORM_CLI_ARGS_plan (TRUNKFORM_CLI_ARGS_state_list): flags that go before the typed ones.
/// `without`: all but this variable.
std::vector<std::string> with_environment_flags(const World& world, const std::vector<Command>& commands,
                                                std::vector<std::string> arguments, std::string_view without = {}) {
  std::vector<std::string> path;
  const auto end = end_of_command(commands, arguments, path);
  if (path.empty()) return arguments;
  std::vector<std::string> extra;
  for (const auto& name : variables_of(path))
    if (name != without)
      for (auto& word : split_at_blanks(world.environment.variable(name).value_or("")))
        extra.push_back(std::move(word));
  arguments.insert(arguments.begin() + static_cast<std::ptrdiff_t>(end), extra.begin(), extra.end());
  return arguments;
}

/// Whoever did not type a word does not find it on the command line.
Error blame_variable(const World& world, const std::vector<Command>& commands,
                     const std::vector<std::string>& arguments, Error error) {
  std::vector<std::string> path;
  (void)end_of_command(commands, arguments, path);
  for (const auto& name : variables_of(path)) {
    if (world.environment.variable(name).value_or("").empty()) continue;
    const auto otherwise = parse_arguments(commands, with_environment_flags(world, commands, arguments, name));
    if (!otherwise && otherwise.error().summary == error.summary) continue;
    error.hints.push_back(
        fmt::format("it stands in {}, an environment variable: correct it there, or unset {}", name, name));
    break;
  }
  return error;
}

int run(World& world, std::vector<std::string> arguments) {
  const auto commands = all_commands();
  const auto typed = arguments;
  arguments = with_environment_flags(world, commands, std::move(arguments));
  const bool json = std::any_of(arguments.begin(), arguments.end(),
                                [](const auto& word) { return word == "-json" || word == "--json"; });
  auto invocation = parse_arguments(commands, std::move(arguments));
  if (!invocation) {
    (void)Reporter(world, false, json ? Output::json : Output::human)
        .fail(blame_variable(world, commands, typed, std::move(invocation.error())));
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
    world.streams.tell(fmt::format(
        "Error: trunkform has a bug: {}\n\nWhatever was done is in the event log. Please report this with the "
        "command that you ran.\n",
        bug.what()));
    return static_cast<int>(ExitCode::error);
  }
}

std::string_view stop_notice(const std::vector<std::string>& arguments) {
  std::vector<std::string> path;
  (void)end_of_command(all_commands(), normalise_words(arguments), path);
  if (path.size() == 1 && (path[0] == "apply" || path[0] == "rollback"))
    return "Stopping after the trunk in hand. A second signal stops at once; the state stays safe.";
  return "Stopping. A second signal stops at once.";
}

bool may_hold_secrets(const std::vector<std::string>& arguments) {
  const auto commands = all_commands();
  std::vector<std::string> path;
  (void)end_of_command(commands, normalise_words(arguments), path);
  return std::any_of(commands.begin(), commands.end(), [&](const Command& command) {
    return command.path == path && command.secrets == Secrets::may_hold;
  });
}

}  // namespace trunkform::cli
