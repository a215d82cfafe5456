#include "cmd/trunkform/reference_text.hpp"

#include <fmt/format.h>

#include "cmd/trunkform/flag_values.hpp"
#include "planner/language/functions/function.hpp"

namespace trunkform::cli {
namespace {

std::string joined_path(const Command& command) {
  std::string text;
  for (const auto& word : command.path) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string usage_line(const Command& command) {
  auto text = "trunkform " + joined_path(command);
  if (!command.flags.empty()) text += " [FLAG …]";
  for (const auto& positional : command.positionals) {
    const auto name = positional.at_most > 1 ? positional.name + " …" : positional.name;
    text += positional.at_least > 0 ? " " + name : " [" + name + "]";
  }
  return text;
}

/// A bar would end the table's cell.
std::string in_cell(const std::string& text) {
  std::string cell;
  for (const char c : text) cell += c == '|' ? std::string("\\|") : std::string(1, c);
  return cell;
}

std::string flag_row(const Flag& flag) {
  auto name = "-" + flag.name;
  if (flag.kind != FlagKind::toggle) name += "=" + flag.placeholder;
  return fmt::format("| `{}` | {} |\n", name, in_cell(help_of(flag)));
}

std::string command_text(const Command& command) {
  auto text = fmt::format("\n## {}\n\n{}\n\n    {}\n", joined_path(command), command.summary, usage_line(command));
  if (!command.description.empty()) text += "\n" + command.description + "\n";
  if (command.positionals.empty() && command.flags.empty()) return text;
  text += "\n| | |\n|---|---|\n";
  for (const auto& positional : command.positionals)
    text += fmt::format("| `{}` | {} |\n", positional.name, in_cell(positional.help));
  for (const auto& flag : command.flags) text += flag_row(flag);
  return text;
}

}  // namespace

std::string reference_text(const std::vector<Command>& commands) {
  std::string text = R"(# Commands

Made from the program's own table of commands; a test holds this page against it.

A flag is written `-flag`, `-flag=VALUE` or `-flag VALUE`, with one dash or two. `trunkform -chdir=DIR COMMAND …` works in
another folder. `TRUNKFORM_CLI_ARGS`, and `TRUNKFORM_CLI_ARGS_plan` for one command, hold flags that go before the typed
ones. `-help` after any command shows what stands here. Exit codes: [exit-codes.md](../exit-codes.md); what `-json` prints:
`schemas/published/`.

| command | |
|---|---|
)";
  for (const auto& command : commands) {
    std::string anchor = joined_path(command);
    for (char& c : anchor)
      if (c == ' ') c = '-';
    text += fmt::format("| [`{}`](#{}) | {} |\n", joined_path(command), anchor, in_cell(command.summary));
  }
  for (const auto& command : commands) text += command_text(command);
  return text;
}

std::string functions_text() {
  std::string text = R"(# Functions

The functions of expressions, such as `"${upper(var.name)}"`. They do what Terraform's of the same name do. Made from the
program's own table; a test holds this page against it.

`name?` takes null, `name...` any number of arguments, and `dynamic` depends on what is given. `trunkform console` tries
expressions out.

| function | |
|---|---|
)";
  for (const auto& function : language::FunctionTable::standard().all())
    text += fmt::format("| `{}` | {} |\n", in_cell(std::string(function.row->signature)),
                        in_cell(std::string(function.row->documentation)));
  text += R"(
These are no functions of the table, because they look at their arguments before they are evaluated:

| form | |
|---|---|
| `try(expression, …)` | the first that can be evaluated without an error |
| `can(expression)` | whether it can be evaluated without an error; for `validation` |
| `templatefile(path, variables)` | a file of the configuration's folder as a template, with an object of variables |
| `templatestring(reference, variables)` | the same for a text that a reference holds |
| `type(value)` | the type, in `trunkform console` only |
)";
  return text;
}

}  // namespace trunkform::cli
